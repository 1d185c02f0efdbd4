using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Hub;

namespace TaalasSim.Cli.Commands;

/// <summary><c>pull hf:user/name[:QUANT]</c>: the files of a model from the Hub into the shared cache.</summary>
internal sealed class PullCommand
{
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _file = new("--file")
    {
        Description = "Fetch this file of the repository alone (of a split model, all its parts).",
        HelpName = "FILE",
    };
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "hf:USER/NAME, or hf:USER/NAME:QUANT for a GGUF file of that type.",
    };
    private readonly Option<string> _revision = new("--revision")
    {
        Description = "Branch, tag or commit.",
        DefaultValueFactory = _ => "main",
        HelpName = "REV",
    };

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetRequiredValue(_model);
        if (!HubReference.Is(name))
            throw new InputException($"{name}: write {HubReference.Prefix}USER/NAME, such as hf:Qwen/Qwen3-0.6B-GGUF");
        var reference = HubReference.Parse(name);
        reference = reference with { Revision = parsed.GetValue(_revision)!, File = parsed.GetValue(_file) ?? reference.File };
        HubSnapshot snapshot;
        using (var line = new ProgressLine())
            snapshot = HubOutput.Pull(reference, line, cancel);
        if (parsed.GetValue(_json))
            Json.Write(snapshot);
        else
            Console.Out.WriteLine(
                $"{snapshot.ModelPath}: {snapshot.Files.Count} file{(snapshot.Files.Count == 1 ? "" : "s")}, "
                    + $"{NumberText.Si(snapshot.Bytes, "B")}, "
                    + $"{(snapshot.Fetched > 0 ? NumberText.Si(snapshot.Fetched, "B") : "nothing")} fetched"
            );
        return ExitCode.Done;
    }

    public static Command Create()
    {
        var self = new PullCommand();
        var command = new Command(
            "pull",
            "Fetch a model from the Hugging Face Hub into the cache that Python's huggingface_hub uses too. Example: ./taalas pull "
                + "hf:Qwen/Qwen3-0.6B-GGUF:Q8_0"
        )
        {
            self._model,
            self._revision,
            self._file,
            self._json,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }
}
