// usage: node axe.mjs NODE_FOLDER SITE [MUST_NOT_RUN]
// Opens every page below SITE from file:// in headless Chromium, dark and light, at 1280 and 390 pixels, and reports axe-core
// violations, console errors, uncaught exceptions, requests that fail or leave the site, repeated ids, content wider than the
// screen, and links (with their #fragment) that lead nowhere. NODE_FOLDER holds node_modules. A dialog or a global named
// MUST_NOT_RUN means that somebody's text ran as a script. Exit 0: nothing found, 1: something, 2: wrong use.
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [nodeFolder, siteFolder, mustNotRun] = process.argv.slice(2);
if (!siteFolder) {
	console.error('usage: node axe.mjs NODE_FOLDER SITE [MUST_NOT_RUN]');
	process.exit(2);
}
const require = createRequire(join(resolve(nodeFolder), 'node_modules', 'here.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const root = pathToFileURL(resolve(siteFolder) + sep).href;
const pagesBelow = (folder) =>
	readdirSync(folder).sort().flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? pagesBelow(path) : name.endsWith('.html') ? [path] : [];
	});
const urls = pagesBelow(resolve(siteFolder)).map((path) => pathToFileURL(path).href);
const isInside = (url) => url.startsWith(root) || url.startsWith('data:') || url === 'about:blank';

const found = new Map(); // "page: what" -> where it was seen first
const report = (url, what, where) => {
	const line = `${url.slice(root.length)}: ${what}`;
	if (!found.has(line)) found.set(line, where);
};

const idsOf = new Map();
const hasId = (file, id) => {
	if (!idsOf.has(file))
		idsOf.set(file, new Set([...readFileSync(file, 'utf8').matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])));
	return idsOf.get(file).has(id);
};

function checkLink(url, raw, absolute) {
	if (/^(javascript|data|vbscript):/i.test(raw)) return report(url, `unsafe link ${raw}`);
	if (!absolute.startsWith('file:')) return undefined; // a link that a reader may follow is not a request
	const target = new URL(absolute);
	const id = decodeURIComponent(target.hash.slice(1));
	target.hash = '';
	if (!isInside(target.href)) return report(url, `link leaves the folder: ${raw}`);
	const file = fileURLToPath(target);
	if (!existsSync(file) || statSync(file).isDirectory()) return report(url, `broken link ${raw}`);
	if (id && file.endsWith('.html') && !hasId(file, id)) return report(url, `no such fragment ${raw}`);
	return undefined;
}

function listen(page, url, where) {
	page.on('console', (message) => message.type() === 'error' && report(url, `console: ${message.text()}`, where));
	page.on('pageerror', (error) => report(url, `exception: ${error.message}`, where));
	page.on('dialog', (dialog) => {
		report(url, `a dialog opened: ${dialog.message()}`, where);
		dialog.dismiss();
	});
	page.on('request', (request) => {
		if (!isInside(request.url())) report(url, `request leaves the site: ${request.url()}`, where);
	});
	page.on('requestfailed', (request) => report(url, `request failed: ${request.url()}`, where));
}

async function look(page, url, scheme, where) {
	await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
	const facts = await page.evaluate((name) => ({
		tooWide: document.documentElement.scrollWidth - window.innerWidth,
		ids: [...document.querySelectorAll('[id]')].map((element) => element.id),
		links: [...document.querySelectorAll('a[href]')].map((a) => [a.getAttribute('href'), a.href?.baseVal ?? a.href]),
		ran: name ? name in window : false,
	}), mustNotRun);
	if (facts.tooWide > 0) report(url, `content is ${facts.tooWide} px wider than the screen`, where);
	if (facts.ran) report(url, `${mustNotRun} is there: a text ran as a script`, where);
	for (const id of facts.ids.filter((value, i, all) => all.indexOf(value) !== i)) report(url, `repeated id ${id}`, where);
	for (const [raw, absolute] of facts.links) checkLink(url, raw, absolute);
	const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], preload: false }));
	for (const violation of violations)
		report(url, `axe ${violation.impact}: ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target).join(' | ')}`, where);
}

async function open(context, url, width) {
	const page = await context.newPage();
	listen(page, url, `${width} px`);
	try {
		await page.goto(url, { waitUntil: 'load', timeout: 60000 });
		await page.evaluate(axe);
		for (const scheme of ['light', 'dark']) await look(page, url, scheme, `${scheme}, ${width} px`);
	} catch (error) {
		report(url, `not opened: ${error.message.split('\n')[0]}`, `${width} px`);
	}
	await page.close();
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
for (const width of [1280, 390]) {
	const context = await browser.newContext({ viewport: { width, height: 800 } });
	await context.route('**/*', (route) => (isInside(route.request().url()) ? route.continue() : route.abort()));
	for (const url of urls) await open(context, url, width);
	await context.close();
}
await browser.close();
for (const [line, where] of found) console.log(where ? `${line} (${where})` : line);
console.log(`${urls.length} pages, 2 schemes, 2 widths: ${found.size} found`);
process.exit(found.size || !urls.length ? 1 : 0);
