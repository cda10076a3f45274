import { type ChildProcess, spawn } from 'node:child_process';

const PROGRAM = new URL('../../dist/cli.js', import.meta.url).pathname;

/** One worker process that may be killed, frozen and started again. */
export class Replica {
  private readonly configFile: string;
  private child: ChildProcess;
  /** What it said on stderr at warn and above, of all its lives. */
  readonly complaints: string[] = [];

  constructor(configFile: string) {
    this.configFile = configFile;
    this.child = this.spawn();
  }

  /** Of the process that lives now. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Kills it as the kernel does when memory runs out, and starts it again. */
  async killAndRestart(): Promise<void> {
    await this.end('SIGKILL');
    this.child = this.spawn();
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it; gives its exit status, or null where a signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    this.child.kill(signal);
    return ended;
  }

  private spawn(): ChildProcess {
    const child = spawn(process.execPath, [PROGRAM, 'worker', '--config', this.configFile], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints.push(...text.split('\n').filter((line) => /"level":[56]0|^pgsteward/.test(line)));
    });
    return child;
  }
}
