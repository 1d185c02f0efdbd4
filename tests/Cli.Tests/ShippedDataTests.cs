using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>Everything that is shipped works with everything else that is shipped, or is refused in one line.</summary>
[Category("Smoke"), NonParallelizable]
public class ShippedDataTests
{
    private static IEnumerable<string> Fabrics() => Names("fabrics");

    private static IEnumerable<string> Gpus() => Names("gpus").Where(n => n is not ("calibration" or "workloads"));

    [TestCaseSource(nameof(Fabrics))]
    public void The_embedded_model_is_compiled_onto_each_fabric_or_refused(string fabric)
    {
        using var folder = new TemporaryFolder();
        Answered("compile", Taalas.StoriesModel, "-o", folder.File("out.chip"), "--fabric", fabric);
    }

    [TestCaseSource(nameof(Fabrics))]
    public void Each_shape_is_evaluated_on_each_fabric(string fabric)
    {
        foreach (var model in Shapes())
            Answered("fit", model, "--fabric", fabric);
    }

    [TestCaseSource(nameof(Gpus))]
    public void Each_shape_is_compared_with_each_GPU(string gpu)
    {
        // Each GPU meets other shapes, so that every shape meets one.
        var turn = Gpus().ToList().IndexOf(gpu);
        foreach (var model in Names("models").Where((_, i) => Shared.All || (i - turn) % 16 == 0))
            Answered("compare", model, "--against", gpu);
    }

    // All of them take minutes; a few stand for them otherwise.
    private static IEnumerable<string> Shapes() => Names("models").Where((_, i) => Shared.All || i % 8 == 0);

    private static void Answered(params string[] arguments)
    {
        var (code, _, error) = Invocation.Run(arguments);
        Assert.That(code, Is.InRange(0, 2), $"{string.Join(' ', arguments)}: {error}");
        if (code == 2)
            Assert.That(error.Count(c => c == '\n'), Is.EqualTo(1), $"{string.Join(' ', arguments)}: {error}");
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory
            .GetFiles(Shared.InRepo($"chips/{folder}"), "*.yaml")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal);
}
