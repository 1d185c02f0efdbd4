using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>Decodes block by block on a card that holds a diffusion model.</summary>
public static class BlockDecode
{
    /// <summary>Fills blocks behind a prompt.</summary>
    /// <param name="host">Machine with the card.</param>
    /// <param name="prompt">Token ids; at least one.</param>
    /// <param name="request">How much and how.</param>
    /// <param name="arrived">Called for every block as it reaches the host.</param>
    /// <param name="cancel">Stops at the next step.</param>
    /// <exception cref="InputException">The request does not fit, the model decodes token by token, or the weights layer was
    /// altered.</exception>
    public static BlockGeneration Run(
        SimulatedHost host,
        IReadOnlyList<int> prompt,
        BlockRequest request,
        Action<DecodedBlock>? arrived = null,
        CancellationToken cancel = default
    )
    {
        Check(host, prompt, request);
        BlockGeneration result;
        try
        {
            result = Decode(host, [.. prompt], request, arrived, cancel);
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

    private static void Check(SimulatedHost host, IReadOnlyList<int> prompt, BlockRequest request)
    {
        CheckDiffusion(host);
        if (prompt.Count == 0)
            throw new InputException("the prompt is empty; give at least one token");
        var most = ForwardPass.PromptBatch(host.Chip.Model, host.Context);
        if (prompt.Count > most || request.Block > most)
            throw new InputException(
                $"prompt of {prompt.Count} tokens and blocks of {request.Block}: a pass of a diffusion model holds at most {most} positions"
            );
        var positions = prompt.Count + (Blocks(request) * (long)request.Block);
        if (positions > host.Context)
            throw new InputException(
                $"prompt of {prompt.Count} tokens and {positions - prompt.Count} positions of whole blocks exceed the context of "
                    + $"{host.Context}; ask for fewer tokens with -n"
            );
    }

    /// <summary>Refuses a model that decodes token by token, or whose mask token does not exist.</summary>
    internal static void CheckDiffusion(SimulatedHost host)
    {
        if (host.Chip.Model.Causal)
            throw new InputException($"{host.Chip.Model.Name} decodes token by token; leave --cdlm and --diffusion out");
        var mask = host.Chip.Traits.MaskToken;
        if (mask >= host.Chip.Model.VocabularySize)
            throw new InputException(
                $"{host.Chip.Model.Name}: mask token {mask} is outside the vocabulary of {host.Chip.Model.VocabularySize}; "
                    + "write tokenizer.ggml.mask_token_id into the model file and compile again"
            );
    }

    private static int Blocks(BlockRequest request) => (int)((request.Tokens + (long)request.Block - 1) / request.Block);

    private static BlockGeneration Decode(
        SimulatedHost host,
        int[] prompt,
        BlockRequest request,
        Action<DecodedBlock>? arrived,
        CancellationToken cancel
    )
    {
        var watch = Stopwatch.StartNew();
        var sampler = SamplerSettings.Greedy with { Temperature = request.Temperature, Seed = request.Seed };
        int[] stops = [.. request.Stops];
        using var context = host.OpenContext(prompt.Length + (Blocks(request) * request.Block), sampler, stops);
        var (start, joules) = (host.TimeNs, host.Telemetry().Joules);
        context.PrefillBlock(prompt, 0, request.CausalPrompt, request.Timeout, cancel);
        var prefilled = host.TimeNs;
        var blocks = new List<DecodedBlock>();
        int? stopped = null;
        while (stopped is null && blocks.Count < Blocks(request))
        {
            var block = context.DecodeBlock(request.Block, request.Threshold, request.StopsEarly, request.Timeout, cancel);
            if (block.Ids.Where((id, at) => block.RevealedAt[at] > 0 && Array.IndexOf(stops, id) >= 0).Any())
                stopped = blocks.Count;
            blocks.Add(block);
            arrived?.Invoke(block);
        }

        return new BlockGeneration
        {
            PromptTokens = prompt.Length,
            Wanted = request.Tokens,
            BlockLength = request.Block,
            Blocks = blocks,
            StoppedInBlock = stopped,
            Tokens = [.. blocks.SelectMany(b => b.Ids).Take(request.Tokens).TakeWhile(id => Array.IndexOf(stops, id) < 0)],
            PrefillSeconds = (prefilled - start) * 1e-9,
            FirstBlockSeconds = (blocks[0].TimeNs - start) * 1e-9,
            SimulatedSeconds = (blocks[^1].TimeNs - start) * 1e-9,
            Joules = host.Telemetry().Joules - joules,
            WallSeconds = watch.Elapsed.TotalSeconds,
        };
    }
}
