using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>
/// Fills a canvas with llama.cpp's schedules on a card that holds a diffusion model. The card evaluates the canvas; the host reads the
/// logits of masked positions and samples, as llama.cpp does, so that every step moves them over the link.
/// </summary>
public static class DiffusionDecode
{
    /// <summary>Fills a canvas behind a prompt.</summary>
    /// <param name="host">Machine with the card.</param>
    /// <param name="prompt">Token ids; at least one.</param>
    /// <param name="settings">How to fill it.</param>
    /// <param name="progress">Called before each step with the canvas.</param>
    /// <param name="cancel">Stops at the next step.</param>
    /// <exception cref="InputException">The request does not fit, the model decodes token by token, or the weights layer was
    /// altered.</exception>
    public static DiffusionGeneration Run(
        SimulatedHost host,
        IReadOnlyList<int> prompt,
        DiffusionSettings settings,
        Action<int[]>? progress = null,
        CancellationToken cancel = default
    )
    {
        Check(host, prompt, settings);
        DiffusionGeneration result;
        try
        {
            result = Decode(host, prompt, settings, progress, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Altered weights may be what made the run fail.
            host.AwaitCheck(cancel);
            throw;
        }

        host.AwaitCheck(cancel);
        return result;
    }

    private static void Check(SimulatedHost host, IReadOnlyList<int> prompt, DiffusionSettings settings)
    {
        BlockDecode.CheckDiffusion(host);
        if (prompt.Count == 0)
            throw new InputException("the prompt is empty; give at least one token");
        var (length, block) = (settings.MaximumLength, settings.BlockLength);
        if (length <= prompt.Count)
            throw new InputException(
                $"a canvas of {length} positions has no room behind a prompt of {prompt.Count} tokens; ask for more with -n"
            );
        var most = ForwardPass.PromptBatch(host.Chip.Model, host.Context);
        if (length > most)
            throw new InputException(
                $"a canvas of {length} positions: a pass of a diffusion model holds at most {most}; "
                    + "ask for fewer tokens with -n, or use --cdlm"
            );
        if (settings.Epsilon > 0 == block > 0)
            throw new InputException(
                "give --diffusion-eps (schedule over timesteps) or --diffusion-block-length (over blocks), one of them"
            );
        if (block > 0 && length % block != 0)
            throw new InputException(
                $"--diffusion-block-length {block}: prompt and new tokens, {length} positions, must be a multiple of it; change -n"
            );
        if (block > 0 && settings.Steps % (length / block) != 0)
            throw new InputException(
                $"--diffusion-steps {settings.Steps}: must be a multiple of the number of blocks, {length} / {block} = {length / block}"
            );
    }

    private static DiffusionGeneration Decode(
        SimulatedHost host,
        IReadOnlyList<int> prompt,
        DiffusionSettings settings,
        Action<int[]>? progress,
        CancellationToken cancel
    )
    {
        var watch = Stopwatch.StartNew();
        var traits = host.Chip.Traits;
        using var context = host.OpenContext(settings.MaximumLength, SamplerSettings.Greedy, []);
        var (start, joules) = (host.TimeNs, host.Telemetry().Joules);
        var held = 0;
        var timeout = TimeSpan.FromHours(1);
        var decoder = new DiffusionDecoder(settings, traits.MaskToken, traits.ShiftLogits, canvas =>
        {
            if (held > 0)
                context.Trim(0);
            held = context.Prefill(canvas, 0, allLogits: true, timeout, cancel);
            return context.CheckedLogits;
        });
        var filled = decoder.Run(prompt, progress);
        return new DiffusionGeneration
        {
            PromptTokens = prompt.Count,
            Tokens = filled[prompt.Count..],
            MasksLeft = filled.Count(id => id == traits.MaskToken),
            Steps = decoder.Steps,
            Passes = decoder.Forwards,
            SimulatedSeconds = (host.TimeNs - start) * 1e-9,
            Joules = host.Telemetry().Joules - joules,
            WallSeconds = watch.Elapsed.TotalSeconds,
        };
    }
}
