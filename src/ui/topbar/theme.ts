import type { Theme } from '../../state/settings.ts';

const AFTER: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

export const nextTheme = (theme: Theme): Theme => AFTER[theme];
