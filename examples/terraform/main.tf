terraform {
  required_version = ">= 1.4"
}

# Measures a node when it is new or when the baseline has changed, and fails the apply when the node differs.
# A node that failed is measured again by the next apply. The state holds the triggers below and no snapshot, no key
# and no password: ssh takes those from its agent.
resource "terraform_data" "gpu_check" {
  for_each = var.nodes

  triggers_replace = {
    instance_id = each.value.instance_id
    baseline    = filesha256(var.baseline)
  }

  provisioner "local-exec" {
    # Values go through the environment: none is pasted into a command line.
    interpreter = ["/bin/sh"]
    command     = "${path.module}/check-node.sh"
    environment = {
      NODE     = each.key
      ADDRESS  = each.value.address
      BASELINE = var.baseline
      REPORTS  = var.reports
    }
  }
}
