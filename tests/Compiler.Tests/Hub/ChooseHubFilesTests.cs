using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Hub;

namespace TaalasSim.Compiler.Tests.Hub;

/// <summary>The choice of files, by the rules of llama.cpp's -hf.</summary>
[TestFixture, Category("Compiler")]
public sealed class ChooseHubFilesTests
{
    [TestCase("", "m-Q8_0.gguf m-Q4_K_M.gguf m-F16.gguf", "m-Q4_K_M.gguf")]
    [TestCase("", "m-F16.gguf m-Q8_0.gguf", "m-Q8_0.gguf")]
    [TestCase("", "m-F16.gguf m-F32.gguf", "m-F16.gguf")]
    [TestCase("", "mmproj-F16.gguf imatrix.gguf mtp-m.gguf eagle3-m.gguf dflash-m.gguf m.gguf", "m.gguf")]
    [TestCase("Q4_0", "m-IQ4_0-x.gguf m-Q4_0.gguf", "m-Q4_0.gguf")]
    [TestCase("q4_0", "m-Q4_0.gguf", "m-Q4_0.gguf")]
    [TestCase("Q4_0", "m-Q4_0_8_8.gguf m-iQ4_0.gguf", "m-iQ4_0.gguf")]
    [TestCase("Q4_K_M", "Q4_K_M-files/m.gguf m-Q8_0.gguf", "Q4_K_M-files/m.gguf")]
    [TestCase("Q8_0", "m-Q8_0-00002-of-00002.gguf m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00001-of-00002.gguf m-Q8_0-00002-of-00002.gguf")]
    [TestCase("Q8.0", "m-Q8_0.gguf", null)]
    [TestCase("Q2_K", "m-Q8_0.gguf", null)]
    [TestCase("Q8_0", "m-Q8_0-00001-of-00003.gguf m-Q8_0-00002-of-00003.gguf", null)]
    [TestCase("Q8_0", "model.safetensors config.json", null)]
    [TestCase(
        "",
        "model.safetensors config.json tokenizer.json README.md onnx/model.onnx pytorch_model.bin",
        "model.safetensors config.json tokenizer.json README.md"
    )]
    [TestCase("", "pytorch_model.bin config.json", null)]
    [TestCase("", "README.md", null)]
    public void Files_are_those_of_the_rules(string quant, string paths, string? expected)
    {
        var reference = new HubReference("a/b", quant.Length > 0 ? quant : null);
        IReadOnlyList<string> Choose() => ChooseHubFiles.From(reference, paths.Split(' '));
        if (expected is null)
            Assert.That(Choose, Throws.TypeOf<InputException>().With.Message.StartWith("hf:a/b"));
        else
            Assert.That(Choose(), Is.EqualTo(expected.Split(' ')));
    }

    [TestCase("hf:a/b", "a/b", null, null)]
    [TestCase("hf:a-b.c/d_e:Q4_K_M", "a-b.c/d_e", "Q4_K_M", null)]
    [TestCase("hf:a/b:sub/m.gguf", "a/b", null, "sub/m.gguf")]
    public void Reference_is_read(string text, string repository, string? quant, string? file) =>
        Assert.That(HubReference.Parse(text), Is.EqualTo(new HubReference(repository, quant) { File = file }));

    [TestCase("hf:")]
    [TestCase("hf:a")]
    [TestCase("hf:a/b/c")]
    [TestCase("hf:/b")]
    [TestCase("hf:a/")]
    [TestCase("hf:a/b:")]
    [TestCase("hf:../b")]
    [TestCase("hf:a/..")]
    [TestCase("hf:a--b/c")]
    [TestCase("hf:a/b.")]
    [TestCase("hf:a/-b")]
    [TestCase("hf:a b/c")]
    [TestCase("hf:a/b?x=1")]
    [TestCase("hf:a/b\u001b[31m")]
    public void Malformed_reference_is_refused(string text) =>
        Assert.That(() => HubReference.Parse(text), Throws.TypeOf<InputException>().With.Message.Not.Contain("\u001b"));

    [Test]
    public void Variables_are_those_of_huggingface_hub()
    {
        static HubEnvironment From(params (string Name, string Value)[] variables) =>
            HubEnvironment.From(name => variables.FirstOrDefault(v => v.Name == name).Value);
        Assert.Multiple(() =>
        {
            Assert.That(From(("HF_HOME", "/h")).Cache, Is.EqualTo("/h/hub"));
            Assert.That(From(("HF_HOME", "/h"), ("HF_HUB_CACHE", "/c")).Cache, Is.EqualTo("/c"));
            Assert.That(From(("XDG_CACHE_HOME", "/x")).Cache, Is.EqualTo("/x/huggingface/hub"));
            Assert.That(From(("HF_ENDPOINT", "http://127.0.0.1:1/p/")).Endpoint.AbsoluteUri, Is.EqualTo("http://127.0.0.1:1/p"));
            Assert.That(From(("HF_ENDPOINT", "http://a"), ("MODEL_ENDPOINT", "http://b")).Endpoint.Host, Is.EqualTo("b"));
            Assert.That(From(("HF_TOKEN", " t\n")).Token, Is.EqualTo("t"));
            Assert.That(From(("HF_TOKEN", "t"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token, Is.Null);
            Assert.That(From(("HF_HUB_OFFLINE", "yes")).OfflineBy, Is.EqualTo("HF_HUB_OFFLINE"));
            Assert.That(From(("HF_HUB_OFFLINE", "0"), ("TRANSFORMERS_OFFLINE", "1")).OfflineBy, Is.EqualTo("TRANSFORMERS_OFFLINE"));
            Assert.That(() => From(("HF_ENDPOINT", "ftp://x")), Throws.TypeOf<InputException>().With.Message.StartWith("HF_ENDPOINT"));
            Assert.That(() => From(("HF_TOKEN", "a\nb")), Throws.TypeOf<InputException>().With.Message.Not.Contain("a\nb"));
        });
    }
}
