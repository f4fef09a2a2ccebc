// @ts-check
// The person of the emulator: enters device codes in a browser's stead.

/**
 * Approves a device sign-in as the page at /devicelogin does.
 * @param {{ ready: { authority: string } }} emulator
 * @param {string} code
 */
export async function approve(emulator, code) {
    const response = await fetch(`${emulator.ready.authority}/devicelogin`, {
        method: 'POST',
        body: new URLSearchParams({ otc: code, action: 'approve' }),
    });
    if (!response.ok) throw new Error(`The code ${code} was not approved: ${response.status}`);
}
