using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// Commands of models that fill blocks of masked positions: PREFILL_BLOCK and DECODE_BLOCK. The card holds the block, counts its steps,
/// compares confidences with the threshold and writes the keys and values of a finished block; the host sees only whole blocks.
/// </summary>
internal sealed class BlockCommands(
    CardOptions options,
    IChipCore core,
    DmaEngine dma,
    ContextTable contexts,
    CorePipeline pipeline,
    StepFaults faults,
    ChannelControl control,
    CommandRunner runner
)
{
    /// <summary>Bytes that DECODE_BLOCK writes for each position: id, step in which it was revealed (0: still masked),
    /// confidence.</summary>
    public const int BytesPerPosition = 12;

    /// <summary>Stops long work of the core in the middle of a host's wait.</summary>
    public CancellationToken HostCancellation { get; set; }

    /// <summary>Source, Length: u32 token ids; Arg0: their count; Arg1: position; Arg2 bit 0: each token sees only those before
    /// it.</summary>
    public IEnumerator<long> Prefill(DeviceCommand c)
    {
        if (IsRefused(c, CheckPrefill(c, out var context), context))
            yield break;
        var (status, tokens, ns) = ReadTokens(c);
        yield return ns;
        if (status != StatusCode.Ok)
        {
            control.FinishTransfer(c, status);
            yield break;
        }
        while (pipeline.WaitNs > 0)
            yield return pipeline.WaitNs;
        if (!MayStep(c, context))
            yield break;
        context.Block = null;
        if (Append(c, context, tokens, (c.Entry.Arg2 & 1) != 0, "prefill") is not { } passNs)
            yield break;
        yield return passNs;
        if (IsOpen(c, context))
            runner.Finish(c, StatusCode.Ok, (uint)tokens.Length, (uint)context.Length);
    }

    /// <summary>
    /// Arg0: positions of the block; Arg1: threshold, f32; Arg2 bit 0: stop inside the block at a stop id; Destination, Length:
    /// <see cref="BytesPerPosition"/> for each position. Keys and values of the block before are written
    /// first, in a pass of their own. Result: steps; Aux: positions in the KV cache.
    /// </summary>
    public IEnumerator<long> Decode(DeviceCommand c)
    {
        var e = c.Entry;
        if (IsRefused(c, CheckDecode(c, out var context), context))
            yield break;
        if (context.Block is { } finished)
        {
            while (pipeline.WaitNs > 0)
                yield return pipeline.WaitNs;
            if (!MayStep(c, context))
                yield break;
            if (Append(c, context, finished, causal: false, "commit") is not { } passNs)
                yield break;
            context.Block = null;
            yield return passNs;
        }
        var work = new BlockWork((int)e.Arg0, core.Identity.MaskToken);
        var settings = Settings(e, context.Sampler);
        do
        {
            while (pipeline.WaitNs > 0)
                yield return pipeline.WaitNs;
            if (!MayStep(c, context))
                yield break;
            if (Step(c, context, work, settings) is not { } passNs)
                yield break;
            yield return passNs;
            if (!IsOpen(c, context))
                yield break;
        } while (!work.IsFinished(settings.StopsEarly ? context.Stops : []));

        context.Block = work.Ids;
        var status = dma.Scatter(c, e.Destination, work.Bytes(), out var ns);
        yield return ns;
        if (status == StatusCode.Ok)
            runner.Finish(c, status, (uint)work.Steps, (uint)context.Length);
        else
            control.FinishTransfer(c, status);
    }

    private bool IsRefused(DeviceCommand c, StatusCode status, DeviceContext? context)
    {
        if (status != StatusCode.Ok)
            runner.Finish(c, status, 0, (uint)(context?.Length ?? 0));
        return status != StatusCode.Ok;
    }

    private (StatusCode Status, int[] Tokens, long Ns) ReadTokens(DeviceCommand c)
    {
        var status = dma.Gather(c, c.Entry.Source, (int)c.Entry.Length, out var data, out var ns);
        var tokens = MemoryMarshal.Cast<byte, int>(data.AsSpan()).ToArray();
        var isKnown = tokens.All(t => (uint)t < core.Identity.Vocabulary);
        return (status == StatusCode.Ok && !isKnown ? StatusCode.BadTokenId : status, tokens, ns);
    }

    private static BlockSettings Settings(SubmissionEntry e, in SamplerSettings sampler) =>
        new()
        {
            Threshold = BitConverter.UInt32BitsToSingle(e.Arg1),
            Temperature = sampler.Temperature,
            Seed = sampler.Seed,
            StopsEarly = (e.Arg2 & 1) != 0,
        };

    private StatusCode CheckPrefill(DeviceCommand c, out DeviceContext context)
    {
        var e = c.Entry;
        var status = contexts.Find(c, out context);
        return status != StatusCode.Ok ? status
            : core.Identity.MaskToken < 0 ? StatusCode.BadOpcode
            : e.Arg0 == 0 || e.Arg1 != context.Length || (e.Arg2 & ~1u) != 0 ? StatusCode.BadField
            : e.Length != e.Arg0 * 4UL || e.Length > options.MaxTransferBytes ? StatusCode.DmaLength
            : e.Arg0 > context.MaxTokens - context.Length ? StatusCode.ContextFull
            : StatusCode.Ok;
    }

    private StatusCode CheckDecode(DeviceCommand c, out DeviceContext context)
    {
        var e = c.Entry;
        var status = contexts.Find(c, out context);
        return status != StatusCode.Ok ? status
            : core.Identity.MaskToken < 0 ? StatusCode.BadOpcode
            : e.Arg0 == 0 || !float.IsFinite(BitConverter.UInt32BitsToSingle(e.Arg1)) || (e.Arg2 & ~1u) != 0 || context.Length == 0
                ? StatusCode.BadField
            : e.Length != (ulong)e.Arg0 * BytesPerPosition || e.Length > options.MaxTransferBytes ? StatusCode.DmaLength
            : e.Arg0 > (uint)(context.MaxTokens - context.Length - (context.Block?.Length ?? 0)) ? StatusCode.ContextFull
            : StatusCode.Ok;
    }

    /// <summary>Whether a step may enter the chip; if not, its command has been answered or has died.</summary>
    private bool MayStep(DeviceCommand c, DeviceContext context) => IsOpen(c, context) && faults.Pass(c, context);

    private bool IsOpen(DeviceCommand c, DeviceContext context)
    {
        if (contexts.IsOpen(context))
            return true;
        if (!c.IsFinal)
            runner.Finish(c, StatusCode.BadContext);
        return false;
    }

    /// <summary>Appends tokens with their keys and values; the length of the pass, or null when the host cancelled it.</summary>
    private long? Append(DeviceCommand c, DeviceContext context, int[] tokens, bool causal, string name)
    {
        try
        {
            var cost = core.AppendBlock(context.Core, tokens, causal, HostCancellation);
            context.Length += tokens.Length;
            context.Pending = null;
            context.LogitRows = 0;
            return pipeline.Enter(cost, tokens.Length, name, context.Handle);
        }
        catch (OperationCanceledException)
        {
            runner.Finish(c, StatusCode.Cancelled, 0, (uint)context.Length);
            return null;
        }
    }

    /// <summary>One step of a block; the length of the pass, or null when the command has been answered.</summary>
    private long? Step(DeviceCommand c, DeviceContext context, BlockWork work, in BlockSettings settings)
    {
        try
        {
            var step = core.StepBlock(context.Core, work.Ids, settings, HostCancellation);
            if (step.Revealed is { } revealed)
            {
                work.Take(revealed);
                return pipeline.Enter(step.Cost, work.Ids.Length, "block step", context.Handle);
            }
            runner.Finish(c, StatusCode.NotANumber, (uint)work.Steps, (uint)context.Length);
        }
        catch (OperationCanceledException)
        {
            runner.Finish(c, StatusCode.Cancelled, (uint)work.Steps, (uint)context.Length);
        }

        return null;
    }
}
