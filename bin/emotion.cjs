#!/usr/bin/env node
'use strict';
// CommonJS, unlike all else: Node starts it in less time than it takes to look for what a run has to do.
const path = require('node:path');
const { recall } = require('../lib/cli/recall.cjs');

if (!recall(path.dirname(__dirname))) void import('./emotion.mjs');
