import { Tensor } from './tensor.ts';

/** Lists the tensors in any nesting of plain objects and arrays, in a fixed order. */
export function tensorsOf(tree: unknown): Tensor[] {
  const tensors: Tensor[] = [];
  mapTensors(tree, (tensor) => {
    tensors.push(tensor);
    return tensor;
  });
  return tensors;
}

/** Copies a nesting with every tensor replaced and everything else unchanged. */
export function mapTensors<Tree>(tree: Tree, replace: (tensor: Tensor) => Tensor): Tree {
  const visit = (node: unknown): unknown => {
    if (node instanceof Tensor) return replace(node);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
  };
  return visit(tree) as Tree;
}
