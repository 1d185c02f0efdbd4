using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

[TestFixture]
[Category("Kernels")]
public sealed class KernelBackendsTests
{
    [Test]
    public void Every_backend_is_listed_with_a_device_or_a_reason()
    {
        var backends = KernelBackends.List();
        Assert.That(backends.Select(b => b.Name), Is.EqualTo((string[])["simd", "ilgpu-cpu", "ilgpu-opencl", "ilgpu-cuda"]));
        Assert.That(backends.Select(b => b.Detail), Has.All.Not.Empty);
        Assert.That(backends.Take(2).Select(b => b.IsAvailable), Has.All.True);
    }

    [Test]
    public void A_listed_backend_can_be_made_and_a_missing_one_names_the_others()
    {
        foreach (var backend in KernelBackends.List())
        {
            if (backend.IsAvailable)
            {
                using var kernels = KernelBackends.Create(backend.Name, Numerics.Reference, null, threads: 1);
                Assert.That(kernels.Name, Does.StartWith(backend.Name.Split('-')[0]));
            }
            else
            {
                AssertOneLine(() => KernelBackends.Create(backend.Name, Numerics.Reference, null, threads: 1), backend.Name);
            }
        }
    }

    [Test]
    public void The_kernel_cases_include_the_gpu([Values("ilgpu-opencl", "ilgpu-cuda")] string name)
    {
        var backend = KernelBackends.List().Single(b => b.Name == name);
        if (!backend.IsAvailable)
            Assert.Ignore($"{name}: {backend.Detail}");
        Assert.That(TestBackend.All.Select(b => b.Name), Does.Contain(name));
    }

    [Test]
    public void An_unknown_backend_is_refused() =>
        AssertOneLine(() => KernelBackends.Create("tpu", Numerics.Reference, null, threads: 1), "tpu");

    [Test]
    public void Every_instruction_set_of_this_machine_can_be_forced()
    {
        Assert.That(KernelBackends.InstructionSets[0], Is.EqualTo("portable"));
        foreach (var level in KernelBackends.InstructionSets)
        {
            using var kernels = KernelBackends.Create(KernelBackends.Simd, Numerics.Reference, null, threads: 1, level);
            Assert.That(kernels.Name, Is.EqualTo($"simd ({level}, 1 thread)"));
        }
    }

    [Test]
    public void An_instruction_set_is_refused_when_unknown_or_on_another_backend()
    {
        AssertOneLine(() => KernelBackends.Create(KernelBackends.Simd, Numerics.Reference, null, 1, "avx1024")?.Dispose(), "avx1024");
        AssertOneLine(() => KernelBackends.Create(KernelBackends.IlgpuCpu, Numerics.Reference, null, 1, "avx2")?.Dispose(), "avx2");
    }

    [Test]
    public void Auto_takes_the_vector_units_when_there_is_no_gpu()
    {
        if (KernelBackends.List().Count(b => b.IsAvailable) > 2)
            Assert.Ignore("this machine has a GPU");
        using var kernels = KernelBackends.Create("auto", Numerics.Reference, null, threads: 2);
        Assert.That(kernels, Is.TypeOf<SimdKernels>());
    }

    [Test]
    public void The_fastest_backend_is_measured() =>
        Assert.That(BackendProbe.Fastest(["ilgpu-cpu", "simd"], threads: 1), Is.EqualTo("simd"));

    private static void AssertOneLine(Action create, string name) =>
        Assert.That(
            create,
            Throws.TypeOf<InputException>().With.Message.Contains(name).And.Message.Contains("simd").And.Message.Not.Contains("\n")
        );
}
