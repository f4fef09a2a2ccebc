// What the bundler makes of files that are not code.
declare module '*.svg' {
    const text: string;
    export { text as default };
}
declare module '*.css';
