using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Cli.Terminal;

/// <summary>The kernel tables of GPUs, for people and for programs.</summary>
internal static class GpuDetail
{
    /// <summary>Writes a table for each card, one user and full batch.</summary>
    public static void Write(IEnumerable<GpuViews> gpus, TextWriter to)
    {
        foreach (var gpu in gpus)
        {
            foreach (var (view, users, kernels) in gpu.Steps())
            {
                var whole = kernels.Sum(k => k.Microseconds);
                to.WriteLine(
                    $"\n{gpu.Card.Name} ({gpu.Detail}), kernels of a step, "
                        + $"{(view == ServiceView.OneUser ? "one user" : $"{NumberText.Count((long)users)} users")}: "
                        + $"{NumberText.Significant(whole)} µs"
                );
                var text = new TextTable()
                    .Words("kernel")
                    .Words("shape")
                    .Numbers("times")
                    .Numbers("µs")
                    .Numbers("share, %")
                    .Words("bound by");
                foreach (var k in kernels)
                    text.Row([
                        k.Name,
                        k.Shape,
                        NumberText.Count((long)k.Count),
                        NumberText.Significant(k.Microseconds),
                        NumberText.Significant(100 * k.Microseconds / whole),
                        k.Bound,
                    ]);
                text.Write(to);
            }
        }
    }

    /// <summary>A comparison and the kernel tables beside it.</summary>
    public static object Document(object comparison, IEnumerable<GpuViews> gpus) =>
        new
        {
            Comparison = comparison,
            GpuKernels = gpus.SelectMany(g =>
                g.Steps()
                    .SelectMany(s =>
                        s.Kernels.Select(k => new
                        {
                            Gpu = g.Card.Name,
                            s.Users,
                            k.Name,
                            k.Shape,
                            k.Count,
                            TimeUs = k.Microseconds,
                            Bound = k.Bound,
                        })
                    )
            ),
        };
}
