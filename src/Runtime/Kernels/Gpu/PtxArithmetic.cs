using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// Arithmetic that a GPU must do as the reference does. PTX's plain <c>add</c>, <c>sub</c> and <c>mul</c> let the driver's compiler fuse a
/// product and a sum into one operation with one rounding; with <c>.rn</c> each rounds by itself (PTX ISA, "Floating Point Instructions").
/// So every such operation of a kernel is written with <c>.rn</c>.
/// </summary>
internal static class PtxArithmetic
{
    /// <summary>Makes a context's CUDA kernels use this arithmetic.</summary>
    public static void Register(Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        foreach (var kind in (BinaryArithmeticKind[])[BinaryArithmeticKind.Add, BinaryArithmeticKind.Sub, BinaryArithmeticKind.Mul])
        foreach (var type in (BasicValueType[])[BasicValueType.Float32, BasicValueType.Float64])
            manager.RegisterBinaryArithmetic(kind, type, Generated(nameof(Rounded)));
        manager.RegisterMethod(MethodOf(nameof(ByteDot)), Generated(nameof(ByteDotInstruction)));
        manager.RegisterMethod(MethodOf(nameof(ByteDot)), Plain(nameof(ByteDotInSteps)));
        manager.RegisterMethod(MethodOf(nameof(MultiplyAdd)), Generated(nameof(MultiplyAddInstruction)));
        manager.RegisterMethod(MethodOf(nameof(MultiplyAdd)), Plain(nameof(MultiplyAddInSteps)));
    }

    /// <summary>sum + Σ of the products of four signed bytes each: one <c>dp4a</c> on CUDA.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int ByteDot(uint a, uint b, int sum) => ByteDotInSteps(a, b, sum);

    /// <summary>a·b + c with one rounding: one <c>fma.rn.f64</c> on CUDA. Devices that are not exact may round twice.</summary>
    [IntrinsicImplementation]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double MultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    private static int ByteDotInSteps(uint a, uint b, int sum) =>
        sum
        + (Integers.Byte(a, 0) * Integers.Byte(b, 0))
        + (Integers.Byte(a, 1) * Integers.Byte(b, 1))
        + (Integers.Byte(a, 2) * Integers.Byte(b, 2))
        + (Integers.Byte(a, 3) * Integers.Byte(b, 3));

    private static double MultiplyAddInSteps(double a, double b, double c) => (a * b) + c;

    private static void Rounded(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var operation = (BinaryArithmeticValue)value;
        var name = operation.Kind switch
        {
            BinaryArithmeticKind.Add => "add",
            BinaryArithmeticKind.Sub => "sub",
            _ => "mul",
        };
        var bits = operation.BasicValueType == BasicValueType.Float32 ? 32 : 64;
        var left = generator.LoadPrimitive(operation.Left.Resolve());
        var right = generator.LoadPrimitive(operation.Right.Resolve());
        var target = generator.AllocateHardware(value);
        using var command = generator.BeginCommand($"{name}.rn.f{bits}");
        command.AppendArgument(target);
        command.AppendArgument(left);
        command.AppendArgument(right);
    }

    private static void ByteDotInstruction(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Call("dp4a.s32.s32", generator, value);

    private static void MultiplyAddInstruction(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Call("fma.rn.f64", generator, value);

    /// <summary>An instruction instead of a method's call, with its arguments in their order.</summary>
    private static void Call(string instruction, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var arguments = new PTXRegisterAllocator.PrimitiveRegister[call.Nodes.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = generator.LoadPrimitive(call.Nodes[i].Resolve());
        var target = generator.AllocateHardware(value);
        using var command = generator.BeginCommand(instruction);
        command.AppendArgument(target);
        foreach (var argument in arguments)
            command.AppendArgument(argument);
    }

    private static PTXIntrinsic Generated(string handler) => new(typeof(PtxArithmetic), handler, IntrinsicImplementationMode.GenerateCode);

    private static CLIntrinsic Plain(string method) => new(MethodOf(method), IntrinsicImplementationMode.Redirect);

    private static MethodInfo MethodOf(string name) =>
        typeof(PtxArithmetic).GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
}
