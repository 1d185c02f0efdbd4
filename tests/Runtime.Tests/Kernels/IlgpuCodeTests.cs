using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Gpu;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>The device code of every kernel is made without a GPU, so that what ILGPU cannot translate shows on any machine.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class IlgpuCodeTests
{
    private static readonly Type[] KernelClasses =
    [
        typeof(BlockProducts),
        typeof(FloatProducts),
        typeof(FabricProducts),
        typeof(Quantizers),
        typeof(AttentionKernel),
        typeof(ElementKernels),
    ];

    private Context context = null!;
    private PTXBackend backend = null!;

    public static IEnumerable<TestCaseData> Kernels =>
        KernelClasses
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .SelectMany(Closed)
            .Select(method =>
                new TestCaseData(method).SetArgDisplayNames(
                    $"{method.DeclaringType!.Name}.{method.Name}<{string.Join(",", method.GetGenericArguments().Select(t => t.Name))}>"
                )
            );

    [OneTimeSetUp]
    public void Open()
    {
        context = Context.Create(IlgpuDevice.Prepare);
        backend = new PTXBackend(
            context,
            new CudaCapabilityContext(CudaArchitecture.SM_70),
            CudaArchitecture.SM_70,
            CudaInstructionSet.ISA_70,
            null
        );
    }

    [OneTimeTearDown]
    public void Close()
    {
        backend.Dispose();
        context.Dispose();
    }

    [TestCaseSource(nameof(Kernels))]
    public void Kernel_translates_to_ptx(MethodInfo method)
    {
        var entry =
            method.GetParameters()[0].ParameterType == typeof(Index1D)
                ? EntryPointDescription.FromImplicitlyGroupedKernel(method)
                : EntryPointDescription.FromExplicitlyGroupedKernel(method);
        var kernel = (PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty);
        Assert.That(kernel.PTXAssembly, Does.Contain(".visible .entry"));
        Assert.That(kernel.PTXAssembly, Does.Not.Match(@"\b(add|sub|mul)\.f(32|64)\b"), "an operation that may be fused with another");
        Assert.That(kernel.PTXAssembly, Does.Not.Match(@"\bcall\b"), "a call, whose arguments leave the registers");
    }

    [Test]
    public void Four_byte_products_are_one_instruction()
    {
        var method = typeof(BlockProducts).GetMethod(nameof(BlockProducts.Split))!.MakeGenericMethod(typeof(SumFirst<Q4_0>));
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(method);
        var kernel = (PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty);
        Assert.That(kernel.PTXAssembly, Does.Contain("dp4a.s32.s32"));
    }

    /// <summary>A method for every choice of its type arguments.</summary>
    private static IEnumerable<MethodInfo> Closed(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
            return [method];
        if (method.DeclaringType == typeof(AttentionKernel))
        {
            return from stored in new[] { (typeof(ushort), typeof(StoredHalf)), (typeof(float), typeof(StoredFloat)) }
                from sum in new[] { typeof(DoubleSum), typeof(PairSum) }
                from elementary in new[] { typeof(ReferenceElementary), typeof(NativeElementary) }
                select method.MakeGenericMethod(stored.Item1, stored.Item2, sum, elementary);
        }

        if (method.DeclaringType == typeof(BlockProducts))
            return CodeFormats.All.OfType<IntegerFormat>().Select(format => method.MakeGenericMethod(OrderOf(format)));

        var choices = method.GetGenericArguments().Select(Implementations).ToArray();
        return choices.Length == 1
            ? choices[0].Select(type => method.MakeGenericMethod(type))
            : choices[0].SelectMany(first => choices[1].Select(second => method.MakeGenericMethod(first, second)));
    }

    private static Type OrderOf(IntegerFormat format)
    {
        var family = DeviceFamily.Registry.Find(format)!.GetType();
        var order =
            family.GetGenericTypeDefinition() == typeof(ShiftedDeviceFamily<>)
                ? typeof(ShiftedSum<>)
                : format.Order switch
                {
                    SumOrder.SumFirst => typeof(SumFirst<>),
                    SumOrder.ScaleFirst => typeof(ScaleFirst<>),
                    SumOrder.ScaleLast => typeof(ScaleLast<>),
                    SumOrder.OneSum => typeof(OneSum<>),
                    _ => typeof(LaneSums<>),
                };
        return order.MakeGenericType(family.GetGenericArguments());
    }

    private static IEnumerable<Type> Implementations(Type argument)
    {
        var contract = argument.GetGenericParameterConstraints().Single(t => t.IsInterface);
        var name = contract.IsGenericType ? contract.GetGenericTypeDefinition() : contract;
        return typeof(IlgpuKernels)
            .Assembly.GetTypes()
            .Where(t => t.IsValueType && t.GetInterfaces().Any(i => (i.IsGenericType ? i.GetGenericTypeDefinition() : i) == name));
    }
}
