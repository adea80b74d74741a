import { expect, test } from 'vitest';

import { wholeAddress } from './address';

test('an address without its beginning is made whole', () => {
  expect(['mcp.example.com/mcp', ' //mcp.example.com:8443/a?b=c ', 'bücher.example', 'x-1.example./'].map(wholeAddress)).toEqual(['https://mcp.example.com/mcp', 'https://mcp.example.com:8443/a?b=c', 'https://bücher.example', 'https://x-1.example./']);
});

test('this machine is asked without encryption', () => {
  expect(['localhost:3000/mcp', '127.0.0.1/mcp', '[::1]:80', 'LOCALHOST'].map(wholeAddress)).toEqual(['http://localhost:3000/mcp', 'http://127.0.0.1/mcp', 'http://[::1]:80', 'http://LOCALHOST']);
  expect(wholeAddress('localhost.example.com')).toBe('https://localhost.example.com');
});

test('what has a beginning, or is no address, is left alone', () => {
  expect(['', 'linear', 'https://mcp.example.com', 'http://mcp.example.com', 'ftp://mcp.example.com', 'two words.example', 'ada@mcp.example.com', '{"mcpServers":{}}', 'https:/mcp.example.com', '{{HOST}}/mcp'].map(wholeAddress)).toEqual(Array(10).fill(null));
});
