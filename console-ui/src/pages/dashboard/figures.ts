import { formatNumber } from '../../core/messages';

/** A rate, with a decimal while it is small. */
export const perSecond = (value: number) => formatNumber(value, { maximumFractionDigits: value < 10 ? 1 : 0 });
