using System.Globalization;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>run --cdlm</c> and <c>run --diffusion</c>: answers of diffusion models.</summary>
/// <param name="machine">Powered on.</param>
/// <param name="prompt">Token ids.</param>
/// <param name="text">Prompt as text; null when ids were given.</param>
/// <param name="image">The image that answers.</param>
/// <param name="isJson">Print one JSON object.</param>
internal sealed class BlockRun(SimulatedHost machine, int[] prompt, string? text, ImageIdentity image, bool isJson)
{
    /// <summary>Fills blocks and prints the answer.</summary>
    /// <param name="request">How much and how.</param>
    /// <param name="checksCache">Repeat without a cache.</param>
    /// <param name="cancel">Stops at the next step.</param>
    public void Blocks(BlockRequest request, bool checksCache, CancellationToken cancel)
    {
        var stream = isJson ? null : new StreamingDecoder(machine.Tokenizer);
        var isEnded = false;
        var run = BlockDecode.Run(
            machine,
            prompt,
            request,
            block =>
            {
                foreach (var id in block.Ids)
                {
                    isEnded |= request.Stops.Contains(id);
                    if (!isEnded && stream is not null)
                        TerminalText.WriteAnswer(stream.Push(id));
                }
            },
            cancel
        );
        bool? isEqual = checksCache ? UncachedBlocks.Equal(machine, prompt, request, run, cancel) : null;
        var figures = BlockFigures.Of(run, machine.IdleWatts);
        if (isJson)
        {
            PrintJson(request, run, figures, isEqual);
            return;
        }

        Console.Out.WriteLine(stream!.Flush());
        figures.Write(Console.Error);
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"blocks     {run.Blocks.Count} of {run.BlockLength} in {string.Join(" + ", run.Blocks.Select(b => b.Steps))} steps, "
                    + $"{NumberText.Significant(run.TokensPerStep)} tokens/step, {NumberText.Significant(run.SequentialPassesPerToken)} "
                    + $"passes and {NumberText.Significant(run.SlotsPerToken)} positions per token"
            )
        );
        if (isEqual is { } equal)
            Console.Error.WriteLine($"cache      {(equal ? "equals" : "DIFFERS from")} a decode without one");
        WriteHost(run.PromptTokens, run.Tokens.Count, run.WallSeconds);
    }

    /// <summary>Fills a canvas with llama.cpp's schedules and prints the answer.</summary>
    /// <param name="settings">How to fill it.</param>
    /// <param name="shows">Show the canvas before each step.</param>
    /// <param name="cancel">Stops at the next step.</param>
    public void Canvas(DiffusionSettings settings, bool shows, CancellationToken cancel)
    {
        var run = DiffusionDecode.Run(
            machine,
            prompt,
            settings,
            canvas =>
            {
                if (shows)
                    Console.Error.WriteLine(NameGate.Visible(Text(canvas.Skip(prompt.Length))));
            },
            cancel
        );
        var figures = BlockFigures.Of(run, machine.IdleWatts);
        if (!isJson)
        {
            TerminalText.WriteAnswer(Text(run.Tokens));
            Console.Out.WriteLine();
            figures.Write(Console.Error);
            Console.Error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"canvas     {run.Canvas} positions, {run.Steps} steps, {run.Passes} passes, {run.MasksLeft} masks left, "
                        + $"seed {settings.Seed}"
                )
            );
            WriteHost(run.PromptTokens, run.Tokens.Count, run.WallSeconds);
            return;
        }

        Json.Write(
            new
            {
                run.Tokens,
                Text = Text(run.Tokens),
                Prompt = text,
                run.PromptTokens,
                Method = "diffusion",
                settings.Seed,
                run.MasksLeft,
                run.Steps,
                run.Passes,
                run.Slots,
                Simulated = figures,
                Host = new { WallS = run.WallSeconds, machine.Backend },
                Chip = image.Document(machine),
            }
        );
    }

    private void PrintJson(BlockRequest request, BlockGeneration run, BlockFigures figures, bool? isEqual) =>
        Json.Write(
            new
            {
                run.Tokens,
                Text = Text(run.Tokens),
                Prompt = text,
                run.PromptTokens,
                Method = "cdlm",
                request.Block,
                Tau = request.Threshold,
                PromptMask = request.CausalPrompt ? "causal" : "full",
                Seed = request.Temperature > 0 ? request.Seed : (ulong?)null,
                run.StoppedInBlock,
                StepsPerBlock = run.Blocks.Select(b => b.Steps),
                run.TokensPerStep,
                run.Passes,
                run.Slots,
                run.SequentialPassesPerToken,
                run.SlotsPerToken,
                CachedEqualsUncached = isEqual,
                Blocks = run.Blocks.Select(b => new
                {
                    b.Ids,
                    b.RevealedAt,
                    b.Confidences,
                }),
                Simulated = figures,
                Host = new { WallS = run.WallSeconds, machine.Backend },
                Chip = image.Document(machine),
            }
        );

    private string Text(IEnumerable<int> ids)
    {
        var mask = machine.Chip.Traits.MaskToken;
        return machine.Tokenizer.Decode([.. ids.Where(id => id != mask && !machine.Tokenizer.IsEndOfGeneration(id))]);
    }

    private void WriteHost(int prompted, int made, double seconds)
    {
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"host       {prompted} + {made} tokens in {NumberText.Si(seconds, "s")} on {machine.Backend}"
            )
        );
        image.Write(Console.Error);
    }
}
