/** A process of the application, by the system's id. */
export interface OwnProcess {
  processId: number;
  name: string;
}
