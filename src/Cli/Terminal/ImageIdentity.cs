using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Terminal;

/// <summary>Which image answered, and what its signature says.</summary>
/// <param name="Signature">One word or two about the signature.</param>
internal sealed record ImageIdentity(string Signature)
{
    /// <summary>The signature was checked.</summary>
    public const string Trusted = "signed by a trusted key";

    /// <summary>The image for programs.</summary>
    public object Document(SimulatedHost machine) =>
        new
        {
            Model = machine.Chip.Model.Name,
            Fabric = machine.Chip.Fabric.Name,
            machine.Chip.Source.Weights,
            Dataflow = machine.Chip.Files.Dataflow.Sha256,
            WeightsLayer = machine.Chip.Files.Weights.Sha256,
            Signature,
        };

    /// <summary>The signature for people.</summary>
    public void Write(TextWriter text) =>
        text.WriteLine($"image      {Signature}{(Signature == Trusted ? "" : "; --trust KEYS runs signed images only")}");
}
