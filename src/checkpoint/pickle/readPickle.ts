import { badPickle, createPickleCursor, type PickleCursor } from './pickleCursor.ts';
import { PyFloat, PyTuple, type PickleValue, type PyKey } from './pickleValue.ts';
import {
  allowedGlobal,
  Global,
  openStorage,
  rebuildParameter,
  rebuildTensor,
  TorchStorage,
  type Storages,
} from './torchObjects.ts';

/** Max length, to bound time and memory; a full ResNet-50 run takes 60 KB. */
const MAX_PICKLE_BYTES = 8_000_000;
/** Max number of lists, dicts, tuples, tensors, memoized values and copied entries, which take far more memory than bytes in the pickle. */
const MAX_OBJECTS = 500_000;

/** Tuples with items that aren't values: arguments of a call, or a persistent id. */
class Arguments extends PyTuple<Item> {}

type Item = PickleValue | Global | TorchStorage | Arguments;
type Dict = Map<PyKey, PickleValue>;

/** State of the stack machine that a pickle is a program for. */
interface Machine {
  readonly cursor: PickleCursor;
  readonly storages: Storages;
  readonly stack: Item[];
  /** Stack heights at the open marks; nothing below the last may be popped. */
  readonly marks: number[];
  readonly memo: Map<number, Item>;
  /** Dicts that are instances of a class, with its name. */
  readonly instances: Map<Item, string>;
  objects: number;
}

/**
 * Reads a pickle of protocol 2 to 5 that holds only values of `PickleValue`. Imports and runs nothing: refuses classes and
 * functions outside the list in torchObjects.ts by name, and unused opcodes by number. Time is linear in
 * the length of the pickle, without recursion.
 */
export function readPickle(bytes: Uint8Array, storages: Storages): PickleValue {
  if (bytes.length > MAX_PICKLE_BYTES) {
    throw badPickle(`it has ${bytes.length} bytes, and ${MAX_PICKLE_BYTES} are the most that is read`);
  }
  const cursor = createPickleCursor(bytes);
  const machine: Machine = {
    cursor,
    storages,
    stack: [],
    marks: [],
    memo: new Map(),
    instances: new Map(),
    objects: 0,
  };
  if (cursor.byte() !== 0x80) throw badPickle('it does not begin with its protocol');
  const protocol = cursor.byte();
  if (protocol < 2 || protocol > 5) throw badPickle(`it is of protocol ${protocol}, and 2 to 5 are read`);
  for (;;) {
    const position = cursor.position();
    const opcode = cursor.byte();
    if (opcode === STOP) break;
    const run = OPCODES.get(opcode);
    if (!run) throw badPickle(`the opcode ${opcode} at byte ${position} is none that checkpoints need`);
    run(machine);
  }
  if (machine.stack.length !== 1) throw badPickle(`it ends with ${machine.stack.length} values in place of one`);
  return popValue(machine);
}

const STOP = 0x2e;

// By code, in the order of Python's pickletools.
const OPCODES: ReadonlyMap<number, (machine: Machine) => void> = new Map<number, (machine: Machine) => void>([
  [0x28, ({ marks, stack }) => void marks.push(stack.length)], // MARK
  [0x30, (machine) => void pop(machine)], // POP
  [0x31, (machine) => void popMarked(machine)], // POP_MARK
  [0x4e, ({ stack }) => void stack.push(null)], // NONE
  [0x88, ({ stack }) => void stack.push(true)], // NEWTRUE
  [0x89, ({ stack }) => void stack.push(false)], // NEWFALSE
  [0x4a, ({ stack, cursor }) => void stack.push(cursor.int32())], // BININT
  [0x4b, ({ stack, cursor }) => void stack.push(cursor.byte())], // BININT1
  [0x4d, ({ stack, cursor }) => void stack.push(cursor.uint16())], // BININT2
  [0x8a, ({ stack, cursor }) => void stack.push(cursor.integer(cursor.byte()))], // LONG1
  [0x47, ({ stack, cursor }) => void stack.push(new PyFloat(cursor.float64()))], // BINFLOAT
  [0x8c, ({ stack, cursor }) => void stack.push(cursor.text(cursor.byte()))], // SHORT_BINUNICODE
  [0x58, ({ stack, cursor }) => void stack.push(cursor.text(cursor.uint32()))], // BINUNICODE
  [0x8d, ({ stack, cursor }) => void stack.push(cursor.text(cursor.length64()))], // BINUNICODE8
  [0x5d, (machine) => make(machine, [])], // EMPTY_LIST
  [0x61, (machine) => append(machine, [pop(machine)])], // APPEND
  [0x65, (machine) => append(machine, popMarked(machine))], // APPENDS
  [0x7d, (machine) => make(machine, new Map())], // EMPTY_DICT
  [0x73, (machine) => setItems(machine, popMany(machine, 2))], // SETITEM
  [0x75, (machine) => setItems(machine, popMarked(machine))], // SETITEMS
  [0x29, (machine) => makeTuple(machine, [])], // EMPTY_TUPLE
  [0x74, (machine) => makeTuple(machine, popMarked(machine))], // TUPLE
  [0x85, (machine) => makeTuple(machine, popMany(machine, 1))], // TUPLE1
  [0x86, (machine) => makeTuple(machine, popMany(machine, 2))], // TUPLE2
  [0x87, (machine) => makeTuple(machine, popMany(machine, 3))], // TUPLE3
  [0x71, (machine) => store(machine, machine.cursor.byte())], // BINPUT
  [0x72, (machine) => store(machine, machine.cursor.uint32())], // LONG_BINPUT
  [0x94, (machine) => store(machine, machine.memo.size)], // MEMOIZE
  [0x68, (machine) => recall(machine, machine.cursor.byte())], // BINGET
  [0x6a, (machine) => recall(machine, machine.cursor.uint32())], // LONG_BINGET
  [0x63, ({ stack, cursor }) => void stack.push(allowedGlobal(`${cursor.line()}.${cursor.line()}`))], // GLOBAL
  [0x93, (machine) => machine.stack.push(allowedGlobal(popMany(machine, 2).map(String).join('.')))], // STACK_GLOBAL
  [0x51, (machine) => machine.stack.push(openStorage(pop(machine), machine.storages))], // BINPERSID
  [0x52, (machine) => call(machine)], // REDUCE
  [0x81, (machine) => call(machine)], // NEWOBJ
  [0x62, (machine) => build(machine)], // BUILD
  [0x95, ({ cursor }) => void cursor.length64()], // FRAME: number of bytes to read ahead
]);

function top(stack: readonly Item[]): Item {
  const item = stack.at(-1);
  if (item === undefined) throw badPickle('it takes a value from an empty stack');
  return item;
}

function popMany({ stack, marks }: Machine, count: number): Item[] {
  if (stack.length - count < (marks.at(-1) ?? 0)) throw badPickle('it takes a value from an empty stack');
  return stack.splice(stack.length - count);
}

const pop = (machine: Machine): Item => popMany(machine, 1)[0];

function popMarked({ stack, marks }: Machine): Item[] {
  const mark = marks.pop();
  if (mark === undefined) throw badPickle('it takes the values above a mark that is not there');
  return stack.splice(mark);
}

const popValue = (machine: Machine): PickleValue => asValue(pop(machine));

function asValue(item: Item): PickleValue {
  if (isValue(item)) return item;
  throw badPickle(`${item instanceof Global ? item.name : 'a storage'} stands where a value belongs`);
}

const isValue = (item: Item): item is PickleValue =>
  !(item instanceof Global || item instanceof TorchStorage || item instanceof Arguments);

function count(machine: Machine, objects = 1): void {
  machine.objects += objects;
  if (machine.objects > MAX_OBJECTS) throw badPickle(`it makes more than ${MAX_OBJECTS} objects`);
}

function make(machine: Machine, item: Item): void {
  count(machine);
  machine.stack.push(item);
}

function makeTuple(machine: Machine, items: readonly Item[]): void {
  make(machine, items.every(isValue) ? new PyTuple(items) : new Arguments(items));
}

function store(machine: Machine, key: number): void {
  count(machine);
  machine.memo.set(key, top(machine.stack));
}

function recall({ stack, memo }: Machine, key: number): void {
  const item = memo.get(key);
  if (item === undefined) throw badPickle(`it recalls value ${key}, which it has not stored`);
  stack.push(item);
}

function append({ stack }: Machine, items: readonly Item[]): void {
  const list = top(stack);
  if (!Array.isArray(list)) throw badPickle('it appends to what is no list');
  for (const item of items) (list as PickleValue[]).push(asValue(item));
}

function setItems({ stack }: Machine, items: readonly Item[]): void {
  const dict = top(stack);
  if (!(dict instanceof Map) || items.length % 2 !== 0) throw badPickle('it sets entries of what is no dict');
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index];
    if (typeof key !== 'string' && typeof key !== 'number') throw badPickle('a key of a dict is no text and no int');
    (dict as Dict).set(key, asValue(items[index + 1]));
  }
}

/** REDUCE and NEWOBJ: constructs the allowed objects here, without calling anything. */
function call(machine: Machine): void {
  const { stack, storages, instances } = machine;
  const [callee, args] = popMany(machine, 2);
  if (!(callee instanceof Global) || !(args instanceof PyTuple)) throw badPickle('it calls what is no function');
  const { name } = callee;
  const items = args.items as readonly Item[];
  // Key of the tensor if it is an entry of a dict.
  const key = stack.at(-1);
  const where = typeof key === 'string' ? JSON.stringify(key.slice(0, 200)) : `at byte ${machine.cursor.position()}`;
  switch (name) {
    case 'torch._utils._rebuild_tensor_v2':
      return make(machine, rebuildTensor(items, where, storages));
    case 'torch._utils._rebuild_parameter':
      return make(machine, rebuildParameter(items, where));
    case 'torch.Size':
      if (items.length !== 1 || !(items[0] instanceof PyTuple)) throw badPickle('a torch.Size is not made of a tuple');
      return make(machine, items[0]);
    case 'collections.OrderedDict':
    case 'argparse.Namespace': {
      if (items.length > 0) throw badPickle(`a ${name} is made of ${items.length} arguments, and none are expected`);
      const instance: Dict = new Map();
      instances.set(instance, name);
      return make(machine, instance);
    }
    default:
      throw badPickle(`it calls ${name}`);
  }
}

/** BUILD: sets the entries of a Namespace. Ignores the state of an OrderedDict, which is the `_metadata` of a state_dict. */
function build(machine: Machine): void {
  const state = popValue(machine);
  const instance = top(machine.stack);
  const name = machine.instances.get(instance);
  if (name === undefined || !(state instanceof Map)) throw badPickle('it gives a state to what has none');
  if (name !== 'argparse.Namespace') return;
  count(machine, state.size);
  for (const [key, value] of state as Dict) (instance as Dict).set(key, value);
}
