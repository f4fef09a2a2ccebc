// @ts-check
import { testPackages } from './running.mjs';

testPackages(/^win32-/);
