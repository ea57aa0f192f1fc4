"""
SlotCon's training step in PyTorch on the CPU, as the peer of a benchmark.

    python3 step.py FILE

FILE is a safetensors file: the state of a model by its published names, a batch as `images`, `alignmentRows` and
`alignmentColumns`, and the settings as JSON in the metadata. Prints a line of JSON about PyTorch, then answers each line of
stdin, `{"steps": 2, "lr": 0.02, "teacherMomentum": 0.95}`, with one of stdout, `{"losses": [5.1, 5.0]}`, until stdin ends.

Shapes: B images of one view, n = h·w cells, K prototypes, D channels. Only LARS, one batch per step.
"""

import json
import struct
import sys
from collections import namedtuple

import torch
import torch.nn.functional as F

STUDENT = ("encoder_q.", "projector_q.", "grouping_q.", "predictor_slot.")
TEACHER = ("encoder_k.", "projector_k.", "grouping_k.")

# dots, aligned: [B,n,K]; slots: [B,K,D]; present: [B,K] of booleans
Pass = namedtuple("Pass", "dots aligned slots present")


def read_safetensors(path):
    """The settings, and all tensors of floats by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        values = bytearray(file.read())
    config = json.loads(header.pop("__metadata__")["config"])
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        if entry["dtype"] == "F32":
            floats = torch.frombuffer(values, dtype=torch.float32, count=(end - begin) // 4, offset=begin)
            tensors[name] = floats.reshape(entry["shape"]).clone()
    return config, tensors


class Training:
    """A model with a batch that it is trained on again and again."""

    def __init__(self, config, tensors):
        self.config = config
        images = channels_last(tensors.pop("images").permute(0, 3, 1, 2)).chunk(2)
        alignment = zip(tensors.pop("alignmentRows").chunk(2), tensors.pop("alignmentColumns").chunk(2))
        self.views = list(zip(images, alignment))
        self.state = {name: channels_last(tensor) for name, tensor in tensors.items()}
        names = [name for name in self.state if name.startswith(STUDENT) and ".running_" not in name]
        self.parameters = [self.state[name].requires_grad_() for name in names]
        self.momenta = [self.state["optimizer." + name] for name in names]
        followers = [name for name in self.state if name.startswith(TEACHER) and ".running_" not in name]
        self.followers = [(self.state[name], self.state[name.replace("_k.", "_q.", 1)]) for name in followers]

    def step(self, lr, teacher_momentum):
        """One training step; returns its loss."""
        with torch.no_grad():
            for teacher, student in self.followers:
                teacher.mul_(teacher_momentum).add_(student, alpha=1 - teacher_momentum)
            k1, k2 = [self.forward("k", *view) for view in self.views]
        q1, q2 = [self.forward("q", *view) for view in self.views]
        grouping = self.grouping_loss(q1, k2) + self.grouping_loss(q2, k1)
        slot = self.slot_loss(q1, k2, k1) + self.slot_loss(q2, k1, k2)
        weight = self.config["groupLossWeight"]
        loss = weight * grouping + (1 - weight) * slot
        gradients = torch.autograd.grad(loss, self.parameters, allow_unused=True)
        with torch.no_grad():
            mean = torch.cat((k1.dots, k2.dots)).mean((0, 1))
            self.state["center"].lerp_(mean[None], 1 - self.config["centerMomentum"])
            self.lars(gradients, lr)
        return loss.item()

    def forward(self, network, images, alignment):
        """Encoder, projector and grouping of one view."""
        z = self.head(f"projector_{network}", self.encode(f"encoder_{network}", images))
        prototypes = self.state[f"grouping_{network}.slot_embed.weight"]
        cells = z.flatten(2).transpose(1, 2)
        dots = F.normalize(cells, dim=2) @ F.normalize(prototypes, dim=1).t()
        # Both networks assign with the teacher's temperature.
        weights = (dots / self.config["teacherTemp"]).softmax(2) + 1e-6
        slots = weights.transpose(1, 2) @ cells / weights.sum(1)[:, :, None]
        present = F.one_hot(dots.argmax(2), len(prototypes)).amax(1).bool()
        return Pass(dots, align(dots, *alignment), slots, present)

    def encode(self, name, images):
        """ResNet: [B,3,H,W] to [B,C,h,w]."""
        x = F.relu(self.norm(f"{name}.bn1", self.convolve(f"{name}.conv1", images, 2)))
        x = F.max_pool2d(x, 3, 2, 1)
        total = 4
        for stage in range(1, self.config["stages"] + 1):
            stride = 2 if stage > 1 and total * 2 <= self.config["outputStride"] else 1
            total *= stride
            block = 0
            while f"{name}.layer{stage}.{block}.conv1.weight" in self.state:
                x = self.block(f"{name}.layer{stage}.{block}", x, stride if block == 0 else 1)
                block += 1
        return x

    def block(self, name, x, stride):
        """A basic block, or a bottleneck, which has a third convolution."""
        last = 3 if f"{name}.conv3.weight" in self.state else 2
        y = x
        for index in range(1, last + 1):
            y = self.convolve(f"{name}.conv{index}", y, stride if index == last - 1 else 1)
            y = self.norm(f"{name}.bn{index}", y)
            y = F.relu(y) if index < last else y
        if f"{name}.downsample.0.weight" in self.state:
            x = self.norm(f"{name}.downsample.1", self.convolve(f"{name}.downsample.0", x, stride))
        return F.relu(y + x)

    def head(self, name, x):
        """Projector on a map, predictor on rows."""
        for layer in (0, 3):
            x = F.gelu(self.norm(f"{name}.mlp.{layer + 1}", self.linear(f"{name}.mlp.{layer}", x)))
        return self.linear(f"{name}.mlp.6", x)

    def convolve(self, name, x, stride):
        weight = self.state[f"{name}.weight"]
        return F.conv2d(x, weight, None, stride, weight.shape[-1] // 2)

    def linear(self, name, x):
        apply = F.conv2d if x.dim() == 4 else F.linear
        return apply(x, self.state[f"{name}.weight"], self.state[f"{name}.bias"])

    def norm(self, name, x):
        mean, variance, weight, bias = (
            self.state[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, variance, weight, bias, training=True, momentum=0.1, eps=1e-5)

    def grouping_loss(self, q, k):
        """Cross-entropy from the teacher's centered, sharpened dots to the student's, over all cells."""
        target = ((k.aligned - self.state["center"]) / self.config["teacherTemp"]).softmax(2)
        return -(target * (q.aligned / self.config["studentTemp"]).log_softmax(2)).sum(2).mean()

    def slot_loss(self, q, k, k_same):
        """
        Contrasts the student's slots that are present in both views (`k_same`: the teacher on the student's view) with those
        of the teacher that are present in its own.
        """
        queries, keys = (q.present & k.present).flatten(), k.present.flatten()
        # BatchNorm needs two rows.
        if queries.sum() < 2:
            return q.slots.new_zeros(())
        predicted = F.normalize(self.head("predictor_slot", q.slots.flatten(0, 1)[queries]), dim=1)
        temperature = self.config["contrastTemp"]
        logits = predicted @ F.normalize(k.slots.flatten(0, 1)[keys], dim=1).t() / temperature
        own = (keys.cumsum(0) - 1)[queries]
        return F.cross_entropy(logits, own) * 2 * temperature

    def lars(self, gradients, lr):
        config = self.config
        for parameter, momentum, gradient in zip(self.parameters, self.momenta, gradients):
            # None: the predictor, where no slots are contrasted.
            gradient = torch.zeros_like(parameter) if gradient is None else gradient
            rate = lr
            if parameter.dim() == 1:
                rate *= config["lrFactor1d"]
            else:
                gradient = gradient.add(parameter, alpha=config["weightDecay"])
                ratio = config["trustCoefficient"] * parameter.norm() / gradient.norm()
                gradient = gradient * torch.where((ratio > 0) & ratio.isfinite(), ratio, torch.ones_like(ratio))
            momentum.mul_(config["momentum"]).add_(gradient)
            parameter.sub_(momentum, alpha=rate)


def channels_last(tensor):
    """The faster layout of maps and kernels."""
    return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor


def align(dots, rows, columns):
    """Inverse augmentation, which is linear along each axis: [B,n,K], [B,h,h], [B,w,w] to [B,n,K]."""
    count, _, k = dots.shape
    h, w = rows.shape[2], columns.shape[2]
    lines = (rows @ dots.reshape(count, h, w * k)).reshape(count, h, w, k)
    return (columns[:, None] @ lines).reshape(count, h * w, k)


def answer(content):
    print(json.dumps(content), flush=True)


def main(path):
    training = Training(*read_safetensors(path))
    answer({"version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        request = json.loads(line)
        rates = request["lr"], request["teacherMomentum"]
        answer({"losses": [training.step(*rates) for _ in range(request["steps"])]})


if __name__ == "__main__":
    main(sys.argv[1])
