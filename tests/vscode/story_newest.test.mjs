// @ts-check
import { tellStory } from './story.mjs';

tellStory('newest');
