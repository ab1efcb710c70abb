# SPDX-License-Identifier: GPL-2.0-or-later

class VGPU
  doc A virtual GPU of a VM.
  since boston
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the VGPU.

field VM dynamic ref(VM)
  doc VM it belongs to.
  to VM.VGPUs

field GPU_group dynamic ref(GPU_group)
  doc Group it takes a GPU from.
  to GPU_group.VGPUs

field device dynamic string = "0"
  doc Position among the VM's virtual GPUs.

field currently_attached dynamic bool = false
  doc Whether the running VM has it.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VGPU.

field type dynamic ref(VGPU_type) = "OpaqueRef:NULL"
  doc Kind it is.
  since vgpu-tech-preview
  to VGPU_type.VGPUs

field resident_on dynamic ref(PGPU) = "OpaqueRef:NULL"
  doc GPU it runs on.
  since vgpu-tech-preview
  to PGPU.resident_VGPUs

field scheduled_to_be_resident_on dynamic ref(PGPU) = "OpaqueRef:NULL"
  doc GPU that is reserved for it.
  since dundee

field compatibility_metadata dynamic map(string,string) = {}
  doc What decides whether its VM can migrate.
  since inverness

field extra_args rw string = ""
  doc Further arguments for the program that serves it.
  since quebec

field PCI dynamic ref(PCI) = "OpaqueRef:NULL"
  doc PCI device it got, if it is a whole one or a virtual function.
  since quebec

message create
  doc Gives a halted VM a virtual GPU.
  role pool-operator
  param VM ref(VM)
  param GPU_group ref(GPU_group)
  param device string = "0"
  param other_config map(string,string) = {}
  param type ref(VGPU_type) = "OpaqueRef:NULL"
  result ref(VGPU)

message destroy
  doc Takes the virtual GPU from a halted VM.
  role pool-operator
  param self ref(VGPU)

message atomic_set_resident_on
  doc Records which GPU it runs on, in one step between hosts.
  since dundee
  role local-root
  flags hidden pool-internal
  param self ref(VGPU)
  param value ref(PGPU)
