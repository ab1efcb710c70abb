/* SPDX-License-Identifier: GPL-2.0-or-later
 * The first sector of a disk: loads what lies behind it, and goes on there with 32 bits. */
    .code16
    .section .boot, "ax"
    .globl boot
boot:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    movb $0x42, %ah /* extended read, of the drive in %dl */
    movw $packet, %si
    int $0x13
    jc fail
    lgdt gdt_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmp $8, $flat
fail:
    hlt
    jmp fail

    .align 4
packet:
    .byte 16, 0
    .word PROGRAM_SECTORS, 0, 0x7e00 >> 4
    .quad 1
gdt:
    .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdt_pointer:
    .word . - gdt - 1
    .long gdt

    .code32
flat:
    movw $16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $0x80000, %esp
    movl $bss_start, %edi
    movl $bss_end, %ecx
    subl %edi, %ecx
    xorl %eax, %eax
    rep stosb
    call guest
    jmp .

    .globl on_interrupt
on_interrupt:
    pushl %eax
    movb $0x20, %al /* its end */
    outb %al, $0x20
    popl %eax
    iretl

    .org 510
    .word 0xaa55
    .section .note.GNU-stack, "", @progbits
