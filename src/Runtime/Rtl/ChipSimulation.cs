using System.Diagnostics;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Rtl;

/// <summary>
/// The Verilog of a whole chip, built with Verilator. A run generates tokens and is compared with the simulator: every result with the
/// hardware numerics, bit for bit, and the cycles with the event engine. ROM contents, vectors and program are read by the run, not by the
/// build.
/// </summary>
public sealed class ChipSimulation : IDisposable
{
    private readonly WiredChip _wired;
    private readonly MaskImage _image;
    private readonly string _folder;
    private readonly bool _traced;
    private readonly double _buildSeconds;

    private ChipSimulation(WiredChip wired, MaskImage image, ChipRtl rtl, string folder, bool traced, double buildSeconds) =>
        (_wired, _image, Rtl, _folder, _traced, _buildSeconds) = (wired, image, rtl, folder, traced, buildSeconds);

    /// <summary>The chip as it was written.</summary>
    public ChipRtl Rtl { get; }

    /// <summary>Writes a chip's Verilog and builds it.</summary>
    /// <param name="chip">Folder of the chip image.</param>
    /// <param name="folder">Folder for Verilog, program and log.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="traced">Whether runs can write waveforms, which makes building longer.</param>
    /// <param name="prepare">Called between writing and building: puts faults into the files, for example.</param>
    /// <param name="cancel">Stops the tools.</param>
    /// <exception cref="InputException">Verilator is missing or refuses the files, or the chip has something without Verilog.</exception>
    public static async Task<ChipSimulation> BuildAsync(
        string chip,
        string folder,
        IProgress<string>? progress = null,
        bool traced = false,
        Action<string>? prepare = null,
        CancellationToken cancel = default
    )
    {
        if (ExternalTool.Find("verilator") is null)
            throw new InputException("verilator: not installed; install the package 'verilator' of your distribution");
        var wired = WiredChip.Open(chip, cancel);
        var image = MaskImage.Open(chip, cancel);
        try
        {
            progress?.Report("Write Verilog");
            var rtl = ExportChip.Write(image, wired.Description, folder, cancel);
            if (traced)
                RtlSources.Write(folder, RtlSources.WaveformConfiguration);
            prepare?.Invoke(folder);
            progress?.Report("Build with Verilator (a minute or two)");
            var clock = Stopwatch.StartNew();
            await ExternalTool.RunAsync("verilator", Arguments(traced), folder, cancel).ConfigureAwait(false);
            return new ChipSimulation(wired, image, rtl, folder, traced, clock.Elapsed.TotalSeconds);
        }
        catch
        {
            wired.Dispose();
            image.Dispose();
            throw;
        }
    }

    private static string[] Arguments(bool traced)
    {
        // Three levels of instances: the chip, its units, their parts.
        string[] tracing = traced ? ["--trace", "--trace-depth", "3", "--no-trace-params", RtlSources.WaveformConfiguration] : [];
        return
        [
            "--cc",
            "--exe",
            "--build",
            "-j",
            "2",
            "--hierarchical",
            "--x-initial",
            "fast",
            "--x-assign",
            "fast",
            "-Wno-fatal",
            "-Wno-lint",
            // Its data-flow optimiser loses carries of banks with 3-bit codes (Verilator 5.006).
            "-fno-dfg",
            "-DROM_BY_PATH",
            "--top-module",
            ExportChip.Top,
            "-o",
            "chip",
            // Larger pieces than the default compile in half the time: each piece reads all headers again.
            "--output-split",
            "60000",
            // The vector model must round as written. The compiler is what takes time, so it optimises little.
            "-CFLAGS",
            "-ffp-contract=off",
            "-MAKEFLAGS",
            "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O1",
            .. tracing,
            RtlSources.ChipConfiguration,
            .. RtlSources.Chip,
            RtlSources.VectorModel,
            RtlSources.ChipMain,
        ];
    }

    /// <summary>Lets the chip generate tokens and compares what it did.</summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="tokens">Answer tokens, at least 1.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="waveform">Waveform to write; only of a chip that was built to be traced.</param>
    /// <param name="cancel">Stops the run.</param>
    /// <exception cref="InputException">An id is outside the vocabulary, the tokens do not fit the KV memory, or the waveform's window
    /// begins behind the run.</exception>
    public async Task<ChipCheckResult> RunAsync(
        IReadOnlyList<int> prompt,
        int tokens,
        IProgress<string>? progress = null,
        Waveform? waveform = null,
        CancellationToken cancel = default
    )
    {
        if (waveform is not null && !_traced)
            throw new ArgumentException("the chip was not built to be traced", nameof(waveform));
        var vocabulary = Rtl.Plan.Model.VocabularySize;
        if (prompt.Count == 0 || tokens < 1 || prompt.Any(t => t < 0 || t >= vocabulary))
            throw new InputException(
                $"{prompt.Count} prompt tokens and {tokens} answer tokens: each must be at least 1, and ids below {vocabulary}"
            );
        if (prompt.Count + tokens > Rtl.Config.Context)
            throw new InputException($"{prompt.Count + tokens} tokens: the chip's KV memory holds {Rtl.Config.Context}");
        progress?.Report($"Run {prompt.Count} + {tokens} tokens");
        var clock = Stopwatch.StartNew();
        // Three times what the closed form says, so that a stalled chip is detected.
        var most = 10_000 + (3 * (prompt.Count + tokens) * (long)ClosedFormLatency.TokenCycles(Rtl.Schedule, prompt.Count + tokens));
        string[] arguments =
        [
            string.Join(',', prompt),
            tokens.ToString(CultureInfo.InvariantCulture),
            most.ToString(CultureInfo.InvariantCulture),
            .. waveform?.Arguments ?? [],
        ];
        var (output, _) = await ExternalTool
            .RunAsync(Path.Combine(_folder, "obj_dir", "chip"), arguments, _folder, cancel)
            .ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(_folder, "run.log"), output, cancel).ConfigureAwait(false);
        var seconds = clock.Elapsed.TotalSeconds;
        var log = ChipLog.Parse(output);
        var written = waveform?.Keep(log);
        progress?.Report("Compare");
        return VerifyChip.Compare(Rtl, _wired, _image, prompt, tokens, log, (_buildSeconds, seconds), cancel) with { Waveform = written };
    }

    /// <summary>Closes the image; the folder stays.</summary>
    public void Dispose()
    {
        _wired.Dispose();
        _image.Dispose();
    }
}
