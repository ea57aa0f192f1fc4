/** Statistics of ImageNet's pixels from 0 to 1, red, green, blue: what the published pipeline normalizes by. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406];
export const IMAGENET_STD = [0.229, 0.224, 0.225];
