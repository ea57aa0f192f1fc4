import { IMAGENET_MEAN, IMAGENET_STD } from '../../lib/imagenet.ts';
import { createNetworks, PREFIX } from '../../slotcon/networks.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { createOnnxGraph, type OnnxGraph, type OnnxValue } from './onnxGraph.ts';
import { encodeModel, type ValueProto } from './onnxProto.ts';
import { provenance } from './teacher.ts';

// N images · H×W pixels · h×w cells · C channels · K prototypes. Any N, H and W: the networks are fully convolutional.
const IMAGE: ValueProto = { name: 'image', shape: ['N', 3, 'H', 'W'] };
const INPUT = `image: RGB from 0 to 1, minus [${IMAGENET_MEAN.join(', ')}], over [${IMAGENET_STD.join(', ')}].`;

/** Writes the teacher's encoder: image [N,3,H,W] → features [N,C,h,w], BatchNorm by its running statistics. */
export function writeOnnxEncoder(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  const graph = createOnnxGraph(checkpoint.tensors);
  const { outChannels } = createNetworks(checkpoint.config).encoder;
  graph.output(encode(graph, checkpoint), 'features');
  const output = { name: 'features', shape: ['N', outChannels, 'h', 'w'] };
  return encodeFile(checkpoint, graph, output, `${INPUT} features: the last map of the encoder.`);
}

/** Writes the teacher's encoder, projector and prototypes: image [N,3,H,W] → assignment [N,K,h,w], a softmax over prototypes. */
export function writeOnnxSlots(checkpoint: Checkpoint): Iterable<Uint8Array<ArrayBuffer>> {
  const { config, tensors } = checkpoint;
  const graph = createOnnxGraph(tensors);
  const { projector, prototypes } = createNetworks(config);
  const z = graph.run(PREFIX.teacher.projector, projector, encode(graph, checkpoint));
  // Cosines of prototypes and cells are a 1×1 convolution.
  const kernel = graph.stored(`${PREFIX.teacher.grouping}.${prototypes.name}`, [...prototypes.shape, 1, 1]);
  const dots = graph.node('Conv', [graph.l2Normalize(z), graph.l2Normalize(kernel)], { kernel_shape: [1, 1] });
  const logits = graph.node('Div', [dots, graph.scalar('teacher_temperature', config.teacherTemp)]);
  graph.output(graph.node('Softmax', [logits], { axis: 1 }), 'assignment');
  const output = { name: 'assignment', shape: ['N', config.prototypes, 'h', 'w'] };
  return encodeFile(checkpoint, graph, output, `${INPUT} assignment: each cell's shares of the prototypes.`);
}

function encode(graph: OnnxGraph, { config }: Checkpoint): OnnxValue {
  const { encoder } = createNetworks(config);
  return graph.run(PREFIX.teacher.encoder, encoder, graph.input(IMAGE.name));
}

function encodeFile(
  checkpoint: Checkpoint,
  { nodes, initializers }: OnnxGraph,
  output: ValueProto,
  about: string,
): Iterable<Uint8Array<ArrayBuffer>> {
  const graph = { name: 'slotcon', nodes, initializers, input: IMAGE, output };
  return encodeModel(graph, about, provenance(checkpoint)).pieces;
}
