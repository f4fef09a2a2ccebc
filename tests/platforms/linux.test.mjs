// @ts-check
import { testPackages } from './running.mjs';

testPackages(/^linux-/);
