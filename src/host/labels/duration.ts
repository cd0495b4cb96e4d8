import { t } from '../words';

/** A length of time in the two largest units that matter, such as `3 min 5 s`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? t('{0} min', minutes) : t('{0} min {1} s', minutes, seconds % 60);
  if (minutes < 60) return t('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? t('{0} h', hours) : t('{0} h {1} min', hours, minutes % 60);
  return t('{0} days', Math.round(hours / 24));
}

/** How long ago something was, such as `5 min ago`. Both in milliseconds since 1970. */
export function agoText(time: number, now: number): string {
  const seconds = (now - time) / 1000;
  if (seconds < 45) return t('just now');
  if (seconds < 3600) return t('{0} min ago', Math.max(1, Math.round(seconds / 60)));
  if (seconds < 36 * 3600) return t('{0} h ago', Math.round(seconds / 3600));
  return t('{0} days ago', Math.round(seconds / 86_400));
}
