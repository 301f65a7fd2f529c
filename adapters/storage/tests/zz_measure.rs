use docuvault_domain::ports::StorageBackend;
use docuvault_testkit::builders::*;
#[path="support/mod.rs"] mod support;
fn cpu() -> f64 { let s=std::fs::read_to_string("/proc/self/stat").unwrap(); let f:Vec<&str>=s.rsplit(')').next().unwrap().split_whitespace().collect(); (f[11].parse::<f64>().unwrap()+f[12].parse::<f64>().unwrap())*10.0 }
fn rss(k:&str) -> u64 { std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with(k)).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap() }
#[tokio::test]
async fn fs() {
  let d=tempfile::tempdir().unwrap(); let st=docuvault_storage::FilesystemStorage::open(d.path()).await.unwrap();
  let c=cpu(); let t=std::time::Instant::now();
  for i in 0..2000u128 { st.put(&support::key(i+1), bytes(&[1;2048]), Some(2048)).await.unwrap(); }
  println!("fs put cpu ms each {} wall {:?}", (cpu()-c)/2000.0, t.elapsed()/2000);
  let c=cpu();
  for i in 0..2000u128 { collect(st.get(&support::key(i+1), None).await.unwrap()).await.unwrap(); }
  println!("fs get cpu ms each {}", (cpu()-c)/2000.0);
  let c=cpu(); let r=rss("VmHWM"); let t=std::time::Instant::now();
  let chunk=bytes::Bytes::from(vec![3u8;64*1024]);
  st.put(&support::key(9999), chunks(std::iter::repeat_n(chunk.clone(), 8192)), None).await.unwrap();
  println!("fs 512MiB cpu {} wall {:?} rss+{}", cpu()-c, t.elapsed(), rss("VmHWM")-r);
  let s3=support::s3_storage().await;
  let c=cpu(); let t=std::time::Instant::now();
  for i in 0..300u128 { s3.put(&support::key(i+1), bytes(&[1;2048]), Some(2048)).await.unwrap(); }
  println!("s3 put cpu ms each {} wall {:?}", (cpu()-c)/300.0, t.elapsed()/300);
  let c=cpu(); let r=rss("VmRSS"); let t=std::time::Instant::now();
  s3.put(&support::key(9999), chunks(std::iter::repeat_n(chunk, 4096)), None).await.unwrap();
  println!("s3 256MiB cpu {} wall {:?} rss+{} (now {})", cpu()-c, t.elapsed(), rss("VmHWM")-r, rss("VmRSS"));
}
