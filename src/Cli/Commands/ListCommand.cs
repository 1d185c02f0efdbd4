using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Hub;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Cli.Commands;

/// <summary><c>list KIND</c>: the names that other commands take.</summary>
internal static class ListCommand
{
    private static readonly (string Kind, Func<IEnumerable<Row>> Rows)[] Kinds =
    [
        ("models", Models),
        ("gpus", Gpus),
        ("fabrics", Fabrics),
        ("technologies", Technologies),
        ("formats", Formats),
        ("cache", Cache),
        ("architectures", () =>
            Architectures.All.Select(a => new Row(a.Name, a.Diffusion ? "diffusion, fills a canvas" : "token by token"))
        ),
        ("templates", () =>
            [
                new Row("default", "the model's own chat template"),
                new Row("tool_use", "the model's template for tools"),
                new Row("chatml", "ChatML, for models without a template"),
            ]
        ),
    ];

    public static Command Create()
    {
        var kind = new Argument<string>("KIND") { Description = string.Join(", ", Kinds.Select(k => k.Kind)) + "." };
        kind.CompletionSources.Add([.. Kinds.Select(k => k.Kind)]);
        var json = CommonOptions.Json();
        var command = new Command("list", "List the names that other commands take. Example: ./taalas list gpus") { kind, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(kind), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string name, bool json)
    {
        var kinds = Kinds.Select(k => k.Kind).ToList();
        var at = kinds.FindIndex(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
            throw new InputException($"no list of '{name}'{NearestName.Hint(name, kinds)}; known: {string.Join(' ', kinds)}");
        var rows = Kinds[at].Rows().ToList();
        if (json)
        {
            Json.Write(new { Kind = kinds[at], Entries = rows });
            return ExitCode.Done;
        }
        var table = new TextTable().Words("").Words("");
        foreach (var row in rows)
            table.Row(row.Name, row.Description);
        table.Write(Console.Out, indent: 0);
        return ExitCode.Done;
    }

    private static IEnumerable<Row> Models() =>
        ChipsFolder
            .Library.Names("models")
            .Select(name =>
            {
                var shape = ChipsFolder.Library.Shape(name);
                return new Row(name, $"{shape.Name}: {shape.Architecture}, {shape.Layers} layers of width {shape.EmbeddingLength}");
            });

    private static IEnumerable<Row> Gpus() =>
        ChipsFolder
            .Library.Names("gpus")
            .Select(name =>
            {
                var card = ChipsFolder.Library.Gpus.Card(name);
                var aliases = card.Aliases.Count > 0 ? $"; also {string.Join(", ", card.Aliases)}" : "";
                return new Row(name, card.Name + aliases);
            });

    private static IEnumerable<Row> Fabrics() =>
        ChipsFolder
            .Library.Names("fabrics")
            .Select(name =>
            {
                var fabric = ChipsFolder.Library.Fabric(name);
                return new Row(
                    name,
                    $"{fabric.Technology}, {fabric.ClockGhz.Value.ToString(CultureInfo.InvariantCulture)} GHz, weights "
                        + $"{fabric.DefaultWeights}"
                );
            });

    private static IEnumerable<Row> Technologies() =>
        ChipsFolder.Library.Names("technology").Select(name => new Row(name, ChipsFolder.Library.Technology(name).Name));

    private static IEnumerable<Row> Cache() =>
        new HubCache(HubEnvironment.OfProcess().Cache)
            .List()
            .Select(r => new Row(
                HubReference.Prefix + r.Name,
                $"{NumberText.Si(r.Bytes, "B")}, {r.Files} file{(r.Files == 1 ? "" : "s")}, "
                    + $"{(r.Revisions.Count > 0 ? string.Join(", ", r.Revisions) : "no branch or tag")}"
            ));

    private static IEnumerable<Row> Formats() =>
        CodeFormats.All.Select(format => new Row(
            format.Name,
            $"{format.BitsPerWeight.ToString("0.###", CultureInfo.InvariantCulture)} bits per weight, blocks of {format.BlockWeights}"
                + (format.GgmlType < 0 ? ", the fabric's own" : "")
        ));

    private sealed record Row(string Name, string Description);
}
