using TaalasSim.ChipModel.Fabric;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Card;

/// <summary>A card with its driver, image loaded and ready to compute.</summary>
internal sealed class TestCard : IDisposable
{
    public TestCard(
        LatencyMode mode = LatencyMode.Typical,
        int trace = 0,
        bool load = true,
        int vectors = 17,
        int mask = -1,
        CardCooling? cooling = null
    )
    {
        Core = new FakeCore();
        Core = new FakeCore { Identity = Core.Identity with { MaskToken = mask } };
        Card = new SimulatedCard(
            Core,
            new CardOptions
            {
                Link = Link(mode),
                TraceCapacity = trace,
                Vectors = vectors,
                Cooling = cooling,
            }
        );
        Driver = new CardDriver([Card.Link]);
        Handle = Driver.Open(0);
        if (load)
            Handle.LoadImage(new MemoryStream(Image()));
    }

    private static readonly HostLinkSpec Constants = HostLinkSpec.Read(Shared.InRepo("chips/links/pcie.yaml"));

    private static readonly CardSpec Gen4 = FabricFile.Read(Shared.InRepo("chips/fabrics/demo.yaml")).Card with
    {
        PcieGeneration = 4,
        PcieLanes = 16,
    };

    /// <summary>Sixteen lanes of generation 4.</summary>
    public static LatencyModel Link(LatencyMode mode) => new(Gen4, Constants, mode);

    public FakeCore Core { get; }
    public SimulatedCard Card { get; }
    public CardDriver Driver { get; }
    public CardHandle Handle { get; }

    public static byte[] Image(Guid? model = null, int security = 1)
    {
        var core = new FakeCore();
        var stream = new MemoryStream();
        ChipRuntimeImage.Write(
            stream,
            model ?? core.Identity.Model,
            core.Identity.Mask,
            security,
            [(ImageSectionKind.Firmware, "firmware", new byte[5000]), (ImageSectionKind.ModelDescription, "model.json", "{}"u8.ToArray())]
        );
        return stream.ToArray();
    }

    public void Arm(FaultKind kind, uint argument = 0, ulong nth = 0, ulong seed = 0) =>
        Card.Faults.Arm(
            new FaultSpec
            {
                Kind = kind,
                Argument = argument,
                Value = nth,
                Seed = seed,
            }
        );

    public static SubmissionEntry Nop(int cid) => new() { Opcode = Opcode.Nop, Cid = (ushort)cid };

    /// <summary>Opens a context, prefills and decodes.</summary>
    public int[] Generate(Channel channel, int[] prompt, int count)
    {
        using var context = Handle.ContextOpen(channel, 256, SamplerSettings.Greedy);
        context.Prefill(prompt, 0);
        return [.. context.DecodeStream(count).Select(t => t.Id)];
    }

    public static CompletionEntry[] PollAll(Channel channel, int milliseconds = 1000)
    {
        var all = new List<CompletionEntry>();
        var some = new CompletionEntry[64];
        while (channel.Poll(some, TimeSpan.FromMilliseconds(milliseconds)) is > 0 and var count)
            all.AddRange(some[..count]);
        return [.. all];
    }

    public void Dispose()
    {
        Handle.Dispose();
        Card.Dispose();
    }
}
