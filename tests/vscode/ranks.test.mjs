// @ts-check
import { readRanks } from './ranks.mjs';

readRanks({ name: 'English' });
