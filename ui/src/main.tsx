/** Where the window begins. */
import { chooseHost } from './host/choose';
import { openWindow } from './screens/open';

const root = document.getElementById('root');
if (root) void chooseHost().then((host) => { openWindow(root, host); });
