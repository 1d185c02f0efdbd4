using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Hub;

namespace TaalasSim.Cli.Terminal;

/// <summary>Fetches from the Hub with a line of progress, and says what there is to say about it.</summary>
internal static class HubOutput
{
    /// <summary>Pulls a model with the environment of the process; notes go to standard error.</summary>
    /// <exception cref="ChipModel.Files.InputException">The model cannot be had.</exception>
    public static HubSnapshot Pull(HubReference reference, ProgressLine line, CancellationToken cancel)
    {
        var snapshot = PullModel
            .RunAsync(reference, HubEnvironment.OfProcess(), progress => Show(line, progress), cancel)
            .GetAwaiter()
            .GetResult();
        foreach (var note in snapshot.Notes)
            Console.Error.WriteLine($"note: {NameGate.Visible(note)}");
        return snapshot;
    }

    private static void Show(ProgressLine line, HubProgress progress) =>
        line.Show(
            $"Fetch {progress.File} of {NumberText.Si(progress.Size, "B")} at {NumberText.Si(progress.BytesPerSecond, "B/s")}",
            (double)progress.Done / Math.Max(1, progress.Size)
        );
}
