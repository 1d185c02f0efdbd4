using System.Runtime.InteropServices;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Commands that evaluate tokens: PREFILL and DECODE.</summary>
internal sealed class ComputeCommands(
    CardOptions options,
    IChipCore core,
    DmaEngine dma,
    ContextTable contexts,
    CorePipeline pipeline,
    StepFaults faults,
    ChannelControl control,
    CommandRunner runner,
    CompletionPoster completions
)
{
    /// <summary>Stops long work of the core in the middle of a host's wait.</summary>
    public CancellationToken HostCancellation { get; set; }

    /// <summary>Source, Length: u32 token ids; Arg0: their count; Arg1: position; Arg2 bit 0: keep logits of every row.</summary>
    public IEnumerator<long> Prefill(DeviceCommand c)
    {
        var e = c.Entry;
        var status = CheckPrefill(c, out var context);
        if (status != StatusCode.Ok)
        {
            runner.Finish(c, status, 0, context is null ? 0 : (uint)context.Length);
            yield break;
        }
        status = dma.Gather(c, e.Source, (int)e.Length, out var data, out var ns);
        yield return ns;
        var tokens = MemoryMarshal.Cast<byte, int>(data.AsSpan()).ToArray();
        if (status == StatusCode.Ok && tokens.Any(t => (uint)t >= core.Identity.Vocabulary))
            status = StatusCode.BadTokenId;
        if (status != StatusCode.Ok)
        {
            control.FinishTransfer(c, status);
            yield break;
        }
        while (pipeline.WaitNs > 0)
            yield return pipeline.WaitNs;
        if (!IsOpen(c, context) || !faults.Pass(c, context))
            yield break;

        var position = context.Length;
        var all = (e.Arg2 & 1) != 0;
        PassCost cost;
        try
        {
            cost = core.Prefill(context.Core, tokens, position, all, HostCancellation);
        }
        catch (OperationCanceledException)
        {
            runner.Finish(c, StatusCode.Cancelled);
            yield break;
        }
        context.Length = position + tokens.Length;
        context.Pending = null;
        context.Block = null;
        context.LogitRows = 0;
        c.Undo = () => TakeBack(context, position);
        yield return pipeline.Enter(cost, tokens.Length, "prefill", context.Handle);
        if (!IsOpen(c, context))
            yield break;
        context.LogitRows = all ? tokens.Length : 1;
        runner.Finish(c, StatusCode.Ok, (uint)tokens.Length, (uint)context.Length);
    }

    /// <summary>
    /// Arg0: most tokens to produce; Destination, Length, Arg2: output array of u32 and its entries, 0 = none. The first id comes from the
    /// latest logits, or from evaluating the token that the previous DECODE ended with; each id is evaluated when the next is asked for.
    /// </summary>
    public IEnumerator<long> Decode(DeviceCommand c)
    {
        var status = CheckDecode(c, out var context, out var output);
        if (status != StatusCode.Ok)
        {
            control.FinishTransfer(c, status);
            yield break;
        }
        for (uint produced = 0; ; )
        {
            int id;
            if (context.Pending is { } token)
            {
                if (context.Length >= context.MaxTokens)
                {
                    runner.Finish(c, StatusCode.ContextFull, produced, (uint)context.Length);
                    yield break;
                }
                while (pipeline.WaitNs > 0)
                    yield return pipeline.WaitNs;
                if (!IsOpen(c, context) || !faults.Pass(c, context))
                    yield break;
                if (Step(context, token) is not { } step)
                {
                    runner.Finish(c, StatusCode.Cancelled, produced, (uint)context.Length);
                    yield break;
                }
                yield return pipeline.Enter(step.Cost, 1, "decode", context.Handle);
                if (!IsOpen(c, context))
                    yield break;
                id = step.Token;
            }
            else
            {
                if (!faults.Pass(c, context))
                    yield break;
                id = core.Sample(context.Core, context.Sampler);
            }
            if (Deliver(c, context, output, id, ref produced))
                yield break;
            if (!c.Entry.Flags.HasFlag(CommandFlags.Stream))
                continue;
            while (c.Channel.IsCqFull || c.Channel.Blocked.Count > 0)
                yield return DeviceCommand.Parked;
            Stream(c, context, id);
        }
    }

    private StatusCode CheckPrefill(DeviceCommand c, out DeviceContext context)
    {
        var e = c.Entry;
        var status = contexts.Find(c, out context);
        if (status != StatusCode.Ok)
            return status;
        return e.Arg0 == 0 || e.Arg1 != context.Length || (e.Arg2 & ~1u) != 0 ? StatusCode.BadField
            : e.Length != e.Arg0 * 4UL || e.Length > options.MaxTransferBytes ? StatusCode.DmaLength
            : e.Arg0 > context.MaxTokens - context.Length ? StatusCode.ContextFull
            : StatusCode.Ok;
    }

    private StatusCode CheckDecode(DeviceCommand c, out DeviceContext context, out List<(ulong Address, int Bytes)> output)
    {
        var e = c.Entry;
        var isStream = e.Flags.HasFlag(CommandFlags.Stream);
        output = [];
        var status = contexts.Find(c, out context);
        if (status == StatusCode.Ok && core.Identity.MaskToken >= 0)
            status = StatusCode.BadOpcode;
        if (
            status == StatusCode.Ok
            && (e.Arg0 == 0 || e.Arg2 == 0 && !isStream || e.Arg2 != 0 && (e.Arg2 < e.Arg0 || e.Length != e.Arg2 * 4UL))
        )
            status = StatusCode.BadField;
        if (status == StatusCode.Ok && e.Arg2 > 0)
            status =
                e.Length > options.MaxTransferBytes
                    ? StatusCode.DmaLength
                    : dma.Resolve(c, e.Destination, (int)e.Length, out output, out _);
        if (status == StatusCode.Ok && context.Pending is null && context.LogitRows == 0)
            status = StatusCode.BadField;
        return status;
    }

    /// <summary>False, with the answer given, when the context was closed while its command waited.</summary>
    private bool IsOpen(DeviceCommand c, DeviceContext context)
    {
        if (contexts.IsOpen(context))
            return true;
        if (!c.IsFinal)
            runner.Finish(c, StatusCode.BadContext);
        return false;
    }

    /// <summary>Undoes a prefill that is stopped while it is in the pipeline.</summary>
    private void TakeBack(DeviceContext context, int position)
    {
        if (!contexts.IsOpen(context))
            return;
        core.TrimKv(context.Core, position);
        context.Length = position;
        pipeline.GiveUp();
    }

    /// <summary>Evaluates the pending token; null when the host cancelled it.</summary>
    private CoreStep? Step(DeviceContext context, int token)
    {
        try
        {
            var step = core.Decode(context.Core, token, context.Sampler, HostCancellation);
            context.Pending = null;
            context.LogitRows = 1;
            context.Length++;
            return step;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Takes a sampled id; true when it ends the command, which has then been answered.</summary>
    private bool Deliver(DeviceCommand c, DeviceContext context, List<(ulong Address, int Bytes)> output, int id, ref uint produced)
    {
        if (id == TokenSampler.NotANumber)
        {
            runner.Finish(c, StatusCode.NotANumber, produced, (uint)context.Length);
            return true;
        }
        context.Pending = id;
        if (c.Entry.Arg2 > 0)
            WriteToken(c, output, produced, id);
        produced++;
        if (produced != c.Entry.Arg0 && Array.IndexOf(context.Stops, id) < 0)
            return false;
        runner.Finish(c, StatusCode.Ok, c.Entry.Flags.HasFlag(CommandFlags.Stream) ? (uint)id : produced, (uint)context.Length);
        return true;
    }

    private void WriteToken(DeviceCommand c, List<(ulong Address, int Bytes)> output, uint index, int id)
    {
        var offset = (int)index * 4;
        foreach (var (address, bytes) in output)
        {
            if (offset < bytes)
            {
                dma.Write(c.Channel.Client, address + (ulong)offset, PageWriter.Words((uint)id));
                return;
            }
            offset -= bytes;
        }
    }

    private void Stream(DeviceCommand c, DeviceContext context, int id) =>
        completions.Post(
            c.Channel,
            new CompletionEntry
            {
                Result = (uint)id,
                Aux = (uint)context.Length,
                Cid = c.Entry.Cid,
                StreamContinues = true,
            },
            null,
            c.Entry.Flags.HasFlag(CommandFlags.Interrupt)
        );
}
