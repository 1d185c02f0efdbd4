using System.Diagnostics;
using TaalasSim.ChipModel.Files;
using TaalasSim.Training;
using TaalasSim.Training.Corpus;
using TaalasSim.Training.Export;
using TaalasSim.Training.Model;
using TaalasSim.Training.Run;

const int StepsPerReport = 50;
const int StepsPerCheckpoint = 250;
const ulong HeldOutSeed = 0x48454C44; // far from any seed a person would choose, so no training story is repeated on purpose
const int HeldOutCharacters = 10_000;

try
{
    var line = CommandLine.Parse(args);
    if (line.Out is null)
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, e) =>
    {
        e.Cancel = true;
        stop.Cancel();
    };
    return Run(line, stop.Token);
}
catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int Run(CommandLine line, CancellationToken stop)
{
    var heldOut = new Documents(new SeededRandom(HeldOutSeed)).Book(HeldOutCharacters);
    if (line.Text is not null)
        WriteText(line.Text, heldOut);
    CreateFolder(line.Out!);
    var trainer = new Trainer(line.Plan);
    if (trainer.TryResume(line.Checkpoint))
        Console.Error.WriteLine($"resumed after step {trainer.StepsDone} from {line.Checkpoint}");
    Console.Error.WriteLine($"{trainer.Layout.Count} parameters, {trainer.Tokenizer.Vocabulary.Size} tokens");
    if (!Train(trainer, line.Checkpoint, stop))
    {
        trainer.Save(line.Checkpoint);
        Console.Error.WriteLine($"stopped after step {trainer.StepsDone}; the same command resumes from {line.Checkpoint}");
        return 130;
    }
    ModelFile.Save(line.Out!, trainer.Layout, trainer.Parameters, trainer.Tokenizer.Vocabulary);
    File.Delete(line.Checkpoint);
    Report(trainer, heldOut);
    return 0;
}

static bool Train(Trainer trainer, string checkpoint, CancellationToken stop)
{
    var clock = Stopwatch.StartNew();
    var (sum, count) = (0.0, 0);
    while (trainer.StepsDone < trainer.Plan.Steps)
    {
        if (stop.IsCancellationRequested)
            return false;
        sum += trainer.Step();
        count++;
        if (trainer.StepsDone % StepsPerReport == 0 || trainer.StepsDone == trainer.Plan.Steps)
        {
            var tokensPerSecond = count * trainer.Plan.Sequences * trainer.Plan.Shape.Context / clock.Elapsed.TotalSeconds;
            Console.Error.WriteLine(
                $"step {trainer.StepsDone} of {trainer.Plan.Steps}: loss {sum / count:0.0000}, {tokensPerSecond:0} tokens/s"
            );
            (sum, count) = (0, 0);
            clock.Restart();
        }
        if (trainer.StepsDone % StepsPerCheckpoint == 0)
            trainer.Save(checkpoint);
    }
    return true;
}

static void Report(Trainer trainer, string heldOut)
{
    var stored = ModelFile.RoundAsStored(trainer.Layout, trainer.Parameters);
    var loss = TextLoss.Mean(trainer.Layout, stored, trainer.Tokenizer, heldOut);
    Console.Error.WriteLine($"held-out loss {loss:0.0000} nats per token, perplexity {Math.Exp(loss):0.000}");
    var generator = new Generator(trainer.Layout, stored, trainer.Tokenizer);
    foreach (var prompt in (string[])["Once upon a time", "One day, a girl named Lily", "It was a sunny morning", "The little rabbit"])
        Console.Error.WriteLine($"\n{generator.Continue(prompt, 120).Text}");
}

static void WriteText(string path, string text)
{
    CreateFolder(path);
    AtomicFile.WriteText(path, text);
}

static void CreateFolder(string path) => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
