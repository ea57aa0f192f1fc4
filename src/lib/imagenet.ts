/** Mean and standard deviation of ImageNet's pixels in [0, 1], red, green, blue, as the published code normalizes by. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406];
export const IMAGENET_STD = [0.229, 0.224, 0.225];
