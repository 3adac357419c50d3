/** A process of the application, with the system's process id. */
export interface OwnProcess {
  processId: number;
  name: string;
}
