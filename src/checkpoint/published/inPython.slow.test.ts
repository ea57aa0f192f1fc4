import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { quickCheckpoint } from '../../testing/checkpoints.ts';
import { python } from '../../testing/python.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { readTorchFile, writeTorchFile } from '../torch/torchFile.ts';
import { fromPublished, toPublished } from './published.ts';

const FILE = new Uint8Array(readFileSync(new URL('../../testing/goldens/ckpt_epoch_1.pth', import.meta.url)));
const fileOf = (checkpoint: Checkpoint): Uint8Array => joinChunks(writeTorchFile(toPublished(checkpoint)));

describe('in Python', () => {
  const torch = python('torch');
  // What a file holds, tensors by type, shape and bytes.
  const DESCRIBE = `
def plain(v):
    if torch.is_tensor(v): return [str(v.dtype), list(v.shape), v.numpy().tobytes().hex()]
    if isinstance(v, dict): return [[k, plain(w)] for k, w in v.items()]
    return [plain(w) for w in v] if isinstance(v, list) else v
d = torch.load(io.BytesIO(data), map_location="cpu")
print(json.dumps([[k, plain(d[k])] for k in d if k != "args"]))`;

  it.runIf(torch)('the published file and ours of it hold the same, in the same order', () => {
    const file = fileOf(fromPublished(readTorchFile(FILE)));
    const [theirs, again] = [FILE, file].map(
      (bytes) => JSON.parse(defined(torch)(DESCRIBE, bytes)) as [string, unknown][],
    );
    expect(again.map(([key]) => key)).toEqual(['model', 'optimizer', 'scheduler', 'epoch', 'scaler']);
    const part = (of: [string, unknown][], key: string): unknown => defined(of.find(([one]) => one === key))[1];
    for (const key of ['model', 'optimizer', 'epoch']) expect(part(again, key), key).toEqual(part(theirs, key));
    const sorted = (value: unknown): unknown => Object.fromEntries(value as [string, unknown][]);
    expect(Object.keys(sorted(part(again, 'scaler')) as object)).toEqual(
      Object.keys(sorted(part(theirs, 'scaler')) as object),
    );
  });

  it.runIf(torch)('PyTorch’s own optimizer and scheduler take the state and go on with the same rate', () => {
    const checkpoint = quickCheckpoint({ optimizer: 'sgd', warmupSteps: 0 });
    const program = `
d = torch.load(io.BytesIO(data)); m = d["model"]
p = [torch.nn.Parameter(v) for k, v in m.items() if v.is_floating_point() and "running_" not in k and k != "module.center"]
o = torch.optim.SGD(p, lr=1.0, momentum=0.5); s = torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=9)
o.load_state_dict(d["optimizer"]); s.load_state_dict(d["scheduler"])
before = o.param_groups[0]["lr"]; o.step(); s.step()
print(json.dumps([s.last_epoch, s.T_max, before, o.param_groups[0]["lr"]]))`;
    const [last, length, before, after] = JSON.parse(defined(torch)(program, fileOf(checkpoint))) as number[];
    expect([last, length]).toEqual([51, 300]);
    const cosine = (step: number): number => 1e-6 + ((8 - 1e-6) * (1 + Math.cos((Math.PI * step) / 300))) / 2;
    expect(before).toBeCloseTo(cosine(50), 10);
    expect(after).toBeCloseTo(cosine(51), 10);
  });

  it.runIf(torch)('PyTorch’s AdamW takes the state', () => {
    const checkpoint = quickCheckpoint({ optimizer: 'adamw', warmupSteps: 0, weightDecay: 0.05 });
    const program = `
d = torch.load(io.BytesIO(data)); m = d["model"]
p = [torch.nn.Parameter(v) for k, v in m.items() if v.is_floating_point() and "running_" not in k and k != "module.center"]
o = torch.optim.AdamW(p); o.load_state_dict(d["optimizer"])
s = o.state[p[0]]; g = o.param_groups[0]
print(json.dumps([float(s["step"]), list(g["betas"]), g["eps"], g["weight_decay"], s["exp_avg_sq"].numpy().tobytes().hex()]))`;
    const [step, betas, epsilon, decay, square] = JSON.parse(defined(torch)(program, fileOf(checkpoint))) as [
      number,
      number[],
      number,
      number,
      string,
    ];
    expect([step, betas, epsilon, decay]).toEqual([50, [0.9, 0.999], 1e-8, 0.05]);
    const stored = defined(checkpoint.tensors.get('optimizer.exp_avg_sq.encoder_q.conv1.weight')).data as Float32Array;
    expect(square).toBe(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex'));
  });
});
