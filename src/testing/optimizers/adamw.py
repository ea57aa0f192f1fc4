# Makes adamw.json: 20 steps of torch.optim.AdamW on two parameters. python3 adamw.py > adamw.json
import json, torch
torch.manual_seed(0)
p = [torch.nn.Parameter(torch.randn(3, 4)), torch.nn.Parameter(torch.randn(5))]
start = [x.detach().flatten().tolist() for x in p]
rates = [0.01 * (1 + t % 7) for t in range(20)]
o = torch.optim.AdamW(p, lr=1.0, weight_decay=0.05)
grads, after = [], []
for lr in rates:
    g = [torch.randn_like(x) for x in p]
    for x, d in zip(p, g): x.grad = d.clone()
    o.param_groups[0]['lr'] = lr
    o.step()
    grads.append([d.flatten().tolist() for d in g])
    after.append([x.detach().flatten().tolist() for x in p])
s = [o.state[x] for x in p]
print(json.dumps(dict(torch=torch.__version__, weightDecay=0.05, rates=rates, shapes=[[3,4],[5]], start=start, gradients=grads, parameters=after,
  exp_avg=[x['exp_avg'].flatten().tolist() for x in s], exp_avg_sq=[x['exp_avg_sq'].flatten().tolist() for x in s], options={k:v for k,v in o.state_dict()['param_groups'][0].items() if k!='params'})))
