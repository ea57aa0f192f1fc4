/** What the known answer computes, as plain loops in double precision: nothing in common with an engine. */

/** NHWC · HWIO, odd kernels, padded by half of their size. */
export interface PlainConv {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly cin: number;
  readonly cout: number;
  readonly kernel: number;
  readonly stride: number;
}

export function outputSize({ height, width, stride }: PlainConv): [number, number] {
  return [Math.ceil(height / stride), Math.ceil(width / stride)];
}

/**
 * Calls back once for each product of the convolution: y[yAt] += x[xAt]·k[kAt] is the convolution; x += y·k and k += x·y
 * are its gradients.
 */
export function eachProduct(conv: PlainConv, each: (xAt: number, kAt: number, yAt: number) => void): void {
  const { images, height, width, cin, cout, kernel, stride } = conv;
  const [outHeight, outWidth] = outputSize(conv);
  const padding = (kernel - 1) / 2;
  for (let place = 0; place < images * outHeight * outWidth; place++) {
    const [image, inImage] = [Math.floor(place / (outHeight * outWidth)), place % (outHeight * outWidth)];
    for (let tap = 0; tap < kernel * kernel; tap++) {
      const row = Math.floor(inImage / outWidth) * stride - padding + Math.floor(tap / kernel);
      const column = (inImage % outWidth) * stride - padding + (tap % kernel);
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const pixel = (image * height + row) * width + column;
      for (let ci = 0; ci < cin; ci++) {
        for (let co = 0; co < cout; co++) each(pixel * cin + ci, (tap * cin + ci) * cout + co, place * cout + co);
      }
    }
  }
}

type Numbers = ArrayLike<number>;

/** Train-mode BatchNorm of rows of channels, with ReLU. */
export function normRelu(x: Numbers, weight: Numbers, bias: Numbers, epsilon: number) {
  const channels = weight.length;
  const rows = x.length / channels;
  const y = new Float64Array(x.length);
  const normalized = new Float64Array(x.length);
  const scales = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    let [mean, variance] = [0, 0];
    for (let at = c; at < x.length; at += channels) mean += x[at] / rows;
    for (let at = c; at < x.length; at += channels) variance += (x[at] - mean) ** 2 / rows;
    scales[c] = 1 / Math.sqrt(variance + epsilon);
    for (let at = c; at < x.length; at += channels) {
      normalized[at] = (x[at] - mean) * scales[c];
      y[at] = Math.max(0, weight[c] * normalized[at] + bias[c]);
    }
  }
  /** Gradients, from that of y. */
  const backward = (dy: Numbers) => {
    const dx = new Float64Array(x.length);
    const [dWeight, dBias] = [new Float64Array(channels), new Float64Array(channels)];
    const passed = (at: number): number => (y[at] > 0 ? dy[at] : 0);
    for (let at = 0; at < x.length; at++) {
      dWeight[at % channels] += passed(at) * normalized[at];
      dBias[at % channels] += passed(at);
    }
    for (let at = 0; at < x.length; at++) {
      const c = at % channels;
      const centered = passed(at) - dBias[c] / rows - (normalized[at] * dWeight[c]) / rows;
      dx[at] = weight[c] * scales[c] * centered;
    }
    return { dx, dWeight, dBias };
  };
  return { y, backward };
}

/** log Σ exp of each row, and the softmax of each. */
export function logSumExps(x: Numbers, channels: number): { sums: Float64Array; softmax: Float64Array } {
  const sums = new Float64Array(x.length / channels);
  for (let at = 0; at < x.length; at++) sums[Math.floor(at / channels)] += Math.exp(x[at]);
  const softmax = Float64Array.from({ length: x.length }, (_, at) => Math.exp(x[at]) / sums[Math.floor(at / channels)]);
  return { sums: sums.map(Math.log), softmax };
}
