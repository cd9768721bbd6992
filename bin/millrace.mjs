#!/usr/bin/env node
import '../lib/bin/millrace.js';
