using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Which class runs which opcode, on the admin channel and on the others.</summary>
internal sealed class CommandTable(
    AdminCommands admin,
    ChannelCommands rings,
    ImageLoader image,
    ContextCommands contextCommands,
    ComputeCommands compute,
    BlockCommands blocks,
    CopyCommands copies,
    ContextTable contexts,
    CardState state,
    CommandRunner runner
)
{
    /// <summary>The steps of a command; they begin when the command does.</summary>
    public IEnumerator<long> StepsOf(DeviceCommand c) =>
        c.Entry.HasReservedFlags ? runner.Answer(c, StatusCode.ReservedNotZero)
        : c.Channel.Index == 0 ? Admin(c)
        : state.Refusal is { } refusal ? runner.Answer(c, refusal)
        : Io(c);

    private IEnumerator<long> Admin(DeviceCommand c) =>
        c.Entry.Opcode switch
        {
            Opcode.Nop => runner.Answer(c, StatusCode.Ok),
            Opcode.Identify => admin.Identify(c),
            Opcode.CreateCq => runner.Answer(c, rings.CreateCompletionRing(c.Entry)),
            Opcode.CreateSq => runner.Answer(c, rings.CreateSubmissionRing(c.Entry)),
            Opcode.DeleteSq => runner.Answer(c, rings.DeleteSubmissionRing(c.Entry)),
            Opcode.DeleteCq => runner.Answer(c, rings.DeleteCompletionRing(c.Entry)),
            Opcode.Abort => admin.Abort(c),
            Opcode.GetLog => admin.GetLog(c),
            Opcode.AsyncEvent => admin.AwaitEvent(c),
            Opcode.ImageLoad => image.Load(c),
            Opcode.ImageActivate => image.Activate(c),
            Opcode.TimeSync => admin.SyncTime(c),
            Opcode.Terminate => admin.Terminate(c),
            _ => runner.Answer(c, StatusCode.BadOpcode),
        };

    private IEnumerator<long> Io(DeviceCommand c) =>
        c.Entry.Opcode switch
        {
            Opcode.Nop or Opcode.Fence => runner.Answer(c, StatusCode.Ok),
            Opcode.ContextOpen => contextCommands.Open(c),
            Opcode.ContextClose => contextCommands.Close(c),
            Opcode.SetSampler => contextCommands.SetSampler(c),
            Opcode.Prefill => compute.Prefill(c),
            Opcode.Decode => compute.Decode(c),
            Opcode.PrefillBlock => blocks.Prefill(c),
            Opcode.DecodeBlock => blocks.Decode(c),
            Opcode.KvTrim => contextCommands.Trim(c),
            Opcode.LogitsRead => contextCommands.ReadLogits(c),
            Opcode.Cancel => runner.Answer(c, contexts.Find(c, out _)),
            Opcode.MemcpyH2D => copies.ToDevice(c),
            Opcode.MemcpyD2H => copies.ToHost(c),
            _ => runner.Answer(c, StatusCode.BadOpcode),
        };
}
