/** Opens the window over the world that the address names. */
import { openWindow } from '../src/screens/open';
import { scriptedHost } from './host';
import { worlds } from './worlds';

const root = document.getElementById('root');
const world = worlds[new URLSearchParams(location.search).get('world') ?? 'seven'];
if (root && world) openWindow(root, scriptedHost(world()));
