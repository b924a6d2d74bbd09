'use strict';
// CommonJS for the sake of bin/emotion.cjs, which says why.

/** How the names of runs end that were recalled, since they had nothing to do: their records are not synced. */
const DID_NOTHING = '-fresh';

module.exports = { DID_NOTHING };
