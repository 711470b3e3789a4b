output "snapshots" {
  description = "The snapshot of each node that was checked."
  value       = { for name in keys(terraform_data.gpu_check) : name => "${var.reports}/${name}.yaml" }
}
