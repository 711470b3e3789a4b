variable "nodes" {
  description = "GPU nodes by name: where ssh reaches them, and what changes when a node is made anew."
  type = map(object({
    address     = string
    instance_id = string
  }))

  validation {
    # A dash at the start would be an option of ssh.
    condition     = alltrue([for node in values(var.nodes) : can(regex("^[0-9A-Za-z][0-9A-Za-z.:@_-]*$", node.address))])
    error_message = "An address is a host name, an IP address or user@host."
  }

  validation {
    condition     = alltrue([for name in keys(var.nodes) : can(regex("^[0-9A-Za-z][0-9A-Za-z._-]*$", name))])
    error_message = "A node's name becomes the name of a file: letters, digits, dots, dashes and underscores."
  }
}

variable "baseline" {
  description = "Snapshot of a node that is known to be good."
  type        = string
}

variable "reports" {
  description = "Folder for the snapshots, on the machine that runs Terraform."
  type        = string
  default     = "gpu-reports"
}
