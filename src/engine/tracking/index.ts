export { addRemote } from './dvc/remotes';
export { findGit, type GitRepository } from './git';
export type { Tracked, TrackedBuild, TrackRun, TrackSite } from './site';
export { siteOfBuild, sitesOf, type NamedSite } from './sites';
